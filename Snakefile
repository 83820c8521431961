"""The paper, from stimuli to PDF. One way: stimuli, networks, tables, panels, documents.

`snakemake` makes everything, `snakemake figures/dale_ratio_test.svg` one panel, `snakemake -n` says
what would be done. `--configfile config/quick.yaml` runs another config, beside the paper's.
"""

from snakemake.utils import min_version

min_version("9.27")

if not workflow.overwrite_configfiles:  # a --configfile would be merged over it

    configfile: "config/paper.yaml"


report: "workflow/report/workflow.rst"


# An image that the Containerfile makes, for those who run with `--sdm apptainer`.
container: "spikeloc.sif"


include: "workflow/rules/common.smk"
include: "workflow/rules/hooks.smk"
include: "workflow/rules/stimuli.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/observer.smk"
include: "workflow/rules/panels.smk"
include: "workflow/rules/origin.smk"


if PLAN.tuned_runs:

    include: "workflow/rules/tuning.smk"


if PLAN.reproduced:

    include: "workflow/rules/reproduction.smk"


if PLAN.phase_runs:

    include: "workflow/rules/phases.smk"


if PLAN.coincidence_runs:

    include: "workflow/rules/coincidence.smk"


if PLAN.analysed_runs:

    include: "workflow/rules/analysis.smk"


if PLAN.search_runs:

    include: "workflow/rules/search.smk"


if CONFIG.documents:

    include: "workflow/rules/documents.smk"


include: "workflow/rules/release.smk"


rule all:
    """Every table, every run, every panel, the documents, and where they come from."""
    default_target: True
    input:
        tables=list(PLAN.result_tables().values()),
        runs=[PLAN.run_file(run, "weights") for run in PLAN.runs],
        drawings=rules.drawings.input,
        provenance=rules.provenance.output,

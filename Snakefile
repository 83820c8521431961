"""The paper from stimuli to PDF: stimuli, networks, tables, panels, documents.

`snakemake` makes everything, `snakemake figures/dale_ratio_test.svg` makes one panel, and
`snakemake -n` lists the jobs that would run. `--configfile config/quick.yaml` runs another config,
whose results lie in folders of their own.
"""

from snakemake.utils import min_version

min_version("9.27")


report: "workflow/report/workflow.rst"


# The image that is built from the Containerfile, for `--sdm apptainer`.
container: "spikeloc.sif"


include: "workflow/rules/environment.smk"
include: "workflow/rules/hooks.smk"
include: "workflow/rules/common.smk"


if not workflow.overwrite_configfiles:  # it has been read; this is for Snakemake's report

    configfile: DEFAULT_CONFIG


include: "workflow/rules/stimuli.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/observer.smk"
include: "workflow/rules/panels.smk"
include: "workflow/rules/origin.smk"


if CONFIG.precomputed:

    include: "workflow/rules/precomputed.smk"


if PLAN.budgets:

    include: "workflow/rules/convergence.smk"


if CONFIG.explorer:

    include: "workflow/rules/explorer.smk"


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


if PLAN.tested_runs:

    include: "workflow/rules/tests.smk"


if PLAN.search_runs:

    include: "workflow/rules/search.smk"


if CONFIG.documents:

    include: "workflow/rules/documents.smk"


include: "workflow/rules/release.smk"


rule all:
    """All tables, runs, panels and documents, the resolved config, and their provenance."""
    default_target: True
    input:
        tables=list(PLAN.result_tables().values()),
        runs=[PLAN.run_file(run, "weights") for run in PLAN.runs],
        drawings=rules.drawings.input,
        config=rules.resolved_config.output.config,
        provenance=rules.provenance.output,

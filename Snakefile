"""The paper, from stimuli to PDF. One way: stimuli, networks, tables, panels, paper.

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
include: "workflow/rules/documents.smk"
include: "workflow/rules/stimuli.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/phases.smk"
include: "workflow/rules/coincidence.smk"
include: "workflow/rules/observer.smk"
include: "workflow/rules/learned.smk"
include: "workflow/rules/search.smk"
include: "workflow/rules/panels.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/origin.smk"
include: "workflow/rules/paper.smk"
include: "workflow/rules/release.smk"


rule all:
    """Every table, every run, every panel, the paper, and where they come from."""
    default_target: True
    input:
        tables=[rules.tables.output, rules.observer_tables.output],
        reproduction=rules.reproduction.output if REPRODUCED else [],
        runs=[run_folder(run) / RUN_FILES["weights"] for run in RUNS],
        search=TABLES / "search.csv" if SEARCH_RUNS else [],
        drawn=rules.drawn.input,
        provenance=rules.provenance.output,

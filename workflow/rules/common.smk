"""The config, checked, the plan of all that it makes, and what every rule file uses."""

import re
from pathlib import Path

from spikeloc.config.loading import check_config, read_yaml
from spikeloc.config.plan import Plan
from spikeloc.io.environment import pin_numerics
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES
from spikeloc.io.sources import source_hash
from spikeloc.native import use_native
from spikeloc.plots.catalogue import panel_files, panels

pin_numerics()

if not Path("CITATION.cff").is_file():
    raise WorkflowError("start snakemake in the project's folder")
try:
    for path in workflow.configfiles:
        read_yaml(path)  # Snakemake's own reader lets the last of two equal keys win, and code in
    PLAN = Plan(check_config(config, "config"))
    PLAN.check_files()
    PANELS = panels(PLAN)
    use_native(PLAN.config.backend, PLAN.config.device)
except InputError as error:
    raise WorkflowError(str(error)) from None

CONFIG = PLAN.config
RESULTS, TABLES, ARRAYS = PLAN.results, PLAN.tables, PLAN.arrays
LOGS, BENCHMARKS = PLAN.logs, PLAN.benchmarks


def any_of(names):
    """A pattern for a wildcard that stands for one of these and nothing else."""
    return "|".join(re.escape(str(name)) for name in names)


wildcard_constraints:
    stimulus=any_of(PLAN.stimuli),
    observed=any_of(PLAN.observed),
    seed=any_of(PLAN.seeds()),
    network=any_of(PLAN.ensembles),
    experiment=any_of(CONFIG.experiments),
    condition=any_of(dict.fromkeys(run.condition for run in PLAN.runs)),
    variant=any_of(CONFIG.variants),
    panel=any_of(PANELS),


def table(name):
    """A table that people read: it has a caption in the report."""
    caption = f"../report/tables/{name}.rst"
    return report(
        str(TABLES / f"{name}.csv"), caption=caption, category="Tables", labels={"table": name}
    )


def code(script, *modules):
    """Hash of the package's modules that a script needs: editing one of them runs its rule again."""
    return source_hash(Path("workflow", "scripts", f"{script}.py"), modules)


def grown(amount):
    """Memory (MB) or time (min) of a job: as much again at each further try on a cluster."""
    return lambda wildcards, attempt: amount * attempt

"""The checked config, the plan of its files, and helpers for all rule files."""

import re
import sys
from functools import cache
from pathlib import Path

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.config.yaml_files import read_yaml
from spikeloc.io.environment import pin_numerics
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES
from spikeloc.io.sources import source_hash
from spikeloc.paper.needs import check_needs
from spikeloc.plots.catalogue import panel_files, panels
from spikeloc.release.origin import config_hash, sources_hash

pin_numerics()

try:
    PLAN = Plan(load_config(*CONFIG_FILES, settings=SETTINGS))
    PLAN.check_files()
    PANELS = panels(PLAN)
    if workflow.is_main_process:  # not again in every job of a cluster
        check_needs(
            PLAN, PANELS, sources_hash(Path.cwd()), Path(".snakemake", f"passed-{PLAN.config.name}")
        )
except InputError as error:
    raise WorkflowError(str(error)) from None

CONFIG = PLAN.config
remember_config(config_hash(CONFIG))


envvars:
    "SPIKELOC_CONFIG",


RESULTS, TABLES, ARRAYS = PLAN.results, PLAN.tables, PLAN.arrays
LOGS, BENCHMARKS = PLAN.logs, PLAN.benchmarks
SHARED = PLAN.shared  # of stimuli and networks, which other configs may use too


def any_of(names):
    """A pattern for a wildcard that matches exactly one of these names."""
    return "|".join(re.escape(str(name)) for name in names) or "(?!)"


wildcard_constraints:
    stimulus=any_of(PLAN.stimuli),
    observed=any_of(PLAN.observed),
    seed=any_of(PLAN.seeds()),
    network=any_of(PLAN.blocks),
    presented=any_of(PLAN.presented),
    experiment=any_of(CONFIG.experiments),
    condition=any_of(path.relative_to(RESULTS / "runs") for path in PLAN.coincidence_folders()),
    run=any_of(run.path for run in PLAN.runs),
    panel=any_of(PANELS),


def table(name):
    """The path of a result table, which appears in the report with a caption."""
    caption = f"../report/tables/{name}.rst"
    return report(
        str(TABLES / f"{name}.csv"), caption=caption, category="Tables", labels={"table": name}
    )


READ = cache(Path.read_bytes)  # a source that changes now stops the jobs that use it


def code(script, *modules):
    """The hash of all modules that a script needs. If one is edited, its rule runs again."""
    return source_hash(Path("workflow", "scripts", f"{script}.py"), modules, READ)


def grown(amount):
    """Memory (MB) or time (min) of a job, which grows by ``amount`` with each try on a cluster."""
    return lambda wildcards, attempt: amount * attempt

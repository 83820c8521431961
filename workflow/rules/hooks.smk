"""Actions before the first job, and all code that uses internals of Snakemake (9.27).

Snakemake has no public interface for the following: the config as it was typed, whether this
process is a job, which jobs are going to run, which files the rules make, the paths of benchmark
files, and switching off the limit of jobs per second.
"""

import copy
import os
import shlex
import sys

from spikeloc.config.loading import DEFAULT_CONFIG
from spikeloc.io.checksums import remove_unfinished_files
from spikeloc.statistics.seed_counts import too_few_seeds


def typed_config():
    """The config files, and the values of --config as they were typed.

    Snakemake's own object `config` is not used: it is read as YAML 1.1, where `on` is true and 1:40
    is 100, and from --config as yet another language.
    """
    settings = copy.copy(workflow.config_settings)
    workflow.config_settings = settings
    typed = settings.config_args
    # Snakemake quotes what it passes on to jobs as Python does, not as a shell does.
    settings.config_args = [shlex.quote(each) for each in typed]
    return workflow.overwrite_configfiles or [DEFAULT_CONFIG], typed


CONFIG_FILES, SETTINGS = typed_config()


def remember_config(checksum):
    """Have jobs of a cluster, which read the config again, notice that it was edited meanwhile."""
    if workflow.is_main_process:
        os.environ["SPIKELOC_CONFIG"] = checksum
    elif os.environ.setdefault("SPIKELOC_CONFIG", checksum) != checksum:
        raise WorkflowError("the config was edited after this run began: start Snakemake again")


def benchmark_patterns():
    """For each rule, a regular expression for the paths of its benchmark files."""
    return {each.name: each.benchmark.regex().pattern for each in workflow.rules if each.benchmark}


def made_tables():
    """All tables that the rules make."""
    made = [path for each in workflow.rules for path in each.output]
    return [path for path in made if Path(path).parent == TABLES]


def announcement(jobs):
    """The number of networks to train, and an estimate of the time."""
    chosen = [PLAN.ensembles[job.wildcards.network] for job in jobs if job.rule.name == "networks"]
    count = sum(plan.networks for plan in chosen)
    text = f"{CONFIG.name}: {count} networks to train in {len(chosen)} jobs"
    if not chosen or CONFIG.device != "cpu":
        return text
    from spikeloc.training.duration import estimate  # imports torch, so only if needed

    return f"{text}; {estimate(chosen, CONFIG.device, CONFIG.backend)}"


onstart:
    if workflow.local_exec:
        # With a limit of jobs per second, Snakemake starts a thread for every finished job that
        # checks all waiting jobs once a second, which in the end takes more than half a core.
        workflow.scheduler.job_rate_limiter = None
    jobs = list(workflow.dag.needrun_jobs())
    remove_unfinished_files(path for job in jobs for path in job.output)
    print(announcement(jobs), file=sys.stderr)
    if warning := too_few_seeds(PLAN.families()):
        print(warning, file=sys.stderr)

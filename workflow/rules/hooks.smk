"""Actions before the first job, and all code that uses internals of Snakemake (9.27).

Snakemake has no public interface for the following: which jobs are going to run, the paths of
benchmark files, and switching off the limit of jobs per second.
"""

import sys

from spikeloc.io.checksums import remove_unfinished_files
from spikeloc.statistics.seed_counts import too_few_seeds


def benchmark_patterns():
    """For each rule, a regular expression for the paths of its benchmark files."""
    return {each.name: each.benchmark.regex().pattern for each in workflow.rules if each.benchmark}


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

"""What is done before the first job, and all that looks into Snakemake (9.27) itself.

It has no option or public way for any of this: to ask which jobs are going to run, which files its
rules make, what their benchmark files are called, or to switch off the limit of jobs a second.
"""

import sys

from spikeloc.io.checksums import remove_unfinished_files
from spikeloc.statistics.seed_counts import too_few_seeds


def benchmark_patterns():
    """By rule, a regular expression of its benchmark files."""
    return {each.name: each.benchmark.regex().pattern for each in workflow.rules if each.benchmark}


def made_tables():
    """Every table that some rule makes."""
    made = [path for each in workflow.rules for path in each.output]
    return [path for path in made if Path(path).parent == TABLES]


def announcement(jobs):
    """How many networks are going to be trained, and about how long that takes."""
    chosen = [PLAN.ensembles[job.wildcards.network] for job in jobs if job.rule.name == "networks"]
    count = sum(plan.networks for plan in chosen)
    text = f"{CONFIG.name}: {count} networks to train in {len(chosen)} jobs"
    if not chosen or CONFIG.device != "cpu":
        return text
    from spikeloc.training.duration import estimate  # imports torch: only where it is needed

    return f"{text}; {estimate(chosen, CONFIG.device, CONFIG.backend)}"


onstart:
    if workflow.local_exec:
        # With a limit of jobs a second, Snakemake looks again at all that wait once a second for
        # every job that has ended, with a thread each: in the end more than half a core.
        workflow.scheduler.job_rate_limiter = None
    jobs = list(workflow.dag.needrun_jobs())
    remove_unfinished_files(path for job in jobs for path in job.output)
    print(announcement(jobs), file=sys.stderr)
    if warning := too_few_seeds(PLAN.families()):
        print(warning, file=sys.stderr)

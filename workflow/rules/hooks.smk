"""Actions before the first job, and all code that uses internals of Snakemake (9.27).

Snakemake has no public interface for the following: the config as it was typed, whether this
process is a job, which jobs are going to run, which files the rules make, the paths of benchmark
files, what --delete-all-output deletes, how the script of a job is started, switching off the limit
of jobs per second, what is said of a full disk, and not importing what takes long.
"""

import copy
import gc
import logging
import os
import shlex
import sys
from itertools import chain

import psutil  # Snakemake needs it too
from snakemake import exceptions
from snakemake.benchmark import benchmarked
from snakemake.persistence import PersistenceBase
from snakemake.script import PythonScript

from spikeloc.config.limits import check_memory
from spikeloc.config.loading import DEFAULT_CONFIG
from spikeloc.io.checksums import remove_checksums, remove_unfinished_files
from spikeloc.io.environment import check_device
from spikeloc.io.files import FULL, NO_SPACE, remove_kept_bits
from spikeloc.io.fork_server import ForkServer, starter
from spikeloc.native import use_native
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

# Snakemake imports pandas to see whether a parameter of a job is a table; none is.
PersistenceBase._serialize_param_pandas = PersistenceBase._serialize_param_builtin

# Snakemake imports nbformat, and this, where tools for notebooks are installed, a checker of addresses
# that nothing here uses: its grammars take two seconds.
sys.modules.setdefault("rfc3987_syntax", None)


def is_full(error):
    return isinstance(error, OSError) and error.errno in FULL


def in_words(error, linemaps=None, otherwise=exceptions.format_exception_to_string):
    """What Snakemake says of an error that ends it: one line if there was no room for a file that
    it writes itself, such as a lock."""
    if is_full(error):
        return f"{error.filename or 'a file that Snakemake writes'}: {NO_SPACE}"
    return otherwise(error, linemaps)


def in_log(self, record, otherwise=logging.Handler.handleError):
    """Say nothing of lines that a log has no room for; they are on the screen, too."""
    if not is_full(sys.exc_info()[1]):
        otherwise(self, record)


exceptions.format_exception_to_string = in_words
logging.Handler.handleError = in_log

# Rules whose outputs belong to no config.
SHARING = {"manifest", "spikes", "networks", "rate_search"}


def remember_config(checksum):
    """Have jobs of a cluster, which read the config again, notice that it was edited meanwhile."""
    if workflow.is_main_process:
        os.environ["SPIKELOC_CONFIG"] = checksum
    elif os.environ.setdefault("SPIKELOC_CONFIG", checksum) != checksum:
        raise WorkflowError("the config was edited after this run began: start Snakemake again")


def benchmark_patterns():
    """For each rule, a regular expression for the paths of its benchmark files."""
    return {each.name: each.benchmark.regex().pattern for each in workflow.rules if each.benchmark}


def delete_output(only_temp=False, dryrun=False):
    """Delete the outputs, for --delete-all-output, and the checksums beside them. Stimuli and
    trained networks stay, because other configs may use them. No output is temporary."""
    workflow._prepare_dag(forceall=False, ignore_incomplete=False, lock_warn_only=True)
    workflow._build_dag()
    own = [] if only_temp else [job for job in workflow.dag.jobs if job.rule.name not in SHARING]
    for path in filter(os.path.exists, chain.from_iterable(job.output for job in own)):
        print(f"{'Would delete' if dryrun else 'Deleting'} {path}", file=sys.stderr)
        if not dryrun:
            os.remove(path)
    if not dryrun:
        remove_checksums(path for job in own for path in job.output)
        workflow.dag.cleanup_workdir()


workflow.delete_output = delete_output


FORK_SERVER = ForkServer()
if workflow.is_main_process and sys.platform == "linux":  # elsewhere, copies of processes may fail
    PythonScript.execute_script = starter(FORK_SERVER, PythonScript.execute_script, benchmarked)


def trained_by(job):
    """The ensembles that a job trains."""
    if job.rule.name == "networks":
        return [PLAN.blocks[job.wildcards.network]]
    return PLAN.searches[job.wildcards.searched].tried if job.rule.name == "rate_search" else []


def check_machine(jobs):
    """Find out before the first job what every job would find out: folders that cannot be written,
    and a device, a core or memory that is not there."""
    check_writable(Path(path).parent for job in jobs for path in [*job.output, *job.log])
    if not workflow.local_exec:  # the jobs of a cluster run on other machines
        return
    memory = psutil.virtual_memory().available + psutil.swap_memory().free
    for ensemble in chain.from_iterable(map(trained_by, jobs)):
        check_device(CONFIG.device)
        check_memory(ensemble.parameters, len(ensemble.seeds), memory)
    if any("backend" in job.params.keys() for job in jobs):
        use_native(CONFIG.backend, CONFIG.device)


def announcement(jobs):
    """The number of networks to train, and an estimate of the time."""
    trained = [plans for job in jobs if (plans := trained_by(job))]
    count = sum(plan.networks for plan in chain.from_iterable(trained))
    text = f"{CONFIG.name}: {count} networks to train in {len(trained)} jobs"
    if not trained or CONFIG.device != "cpu":
        return text
    from spikeloc.training.duration import estimate  # imports torch, so only if needed

    return f"{text}; {estimate(trained, CONFIG.device, CONFIG.backend)}"


def end_run():
    """Remove what only a run needs. Another run that shares it makes it again."""
    if workflow.is_main_process:
        FORK_SERVER.close()
        remove_kept_bits(PLAN.shared / "stimuli")


onsuccess:
    end_run()


onerror:
    end_run()


onstart:
    gc.freeze()  # the plan stays to the end
    gc.enable()
    if workflow.local_exec:
        # With a limit of jobs per second, Snakemake starts a thread for every finished job that
        # checks all waiting jobs once a second, which in the end takes more than half a core.
        workflow.scheduler.job_rate_limiter = None
    jobs = list(workflow.dag.needrun_jobs())
    try:
        check_machine(jobs)
    except InputError as error:
        raise WorkflowError(str(error)) from None
    remove_unfinished_files(path for job in jobs for path in job.output)
    print(announcement(jobs), file=sys.stderr)
    if warning := too_few_seeds(PLAN.families()):
        print(warning, file=sys.stderr)

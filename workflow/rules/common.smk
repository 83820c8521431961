"""The config, checked, and what follows from it: runs, ensembles of networks, stimuli, folders."""

import re
import sys
from pathlib import Path
from typing import NamedTuple

from snakemake.utils import validate

from spikeloc.io.environment import pin_numerics
from spikeloc.io.errors import InputError
from spikeloc.config.expansion import coincidence_runs, expand, analysed_runs, phase_effect_runs
from spikeloc.io.files import RUN_FILES, remove_unfinished
from spikeloc.config.loading import check_config, read_yaml
from spikeloc.native import use_native
from spikeloc.statistics.seed_counts import too_few_seeds
from spikeloc.io.checksums import checksum_path
from spikeloc.config.search_space import search_runs
from spikeloc.io.sources import source_hash

pin_numerics()

if not Path("CITATION.cff").is_file():
    raise WorkflowError("start snakemake in the folder of its Snakefile")
try:
    for path in workflow.configfiles:
        read_yaml(path)  # Snakemake's own reader lets the last of two equal keys win, and code in
    CONFIG = check_config(config, "config")
    use_native(CONFIG.backend, CONFIG.device)
except InputError as error:
    raise WorkflowError(str(error)) from None
validate(config, "../schemas/config.schema.json", set_default=False)

RESULTS = Path("results", CONFIG.subfolder)
FIGURES = Path("figures", CONFIG.subfolder)
TABLES = RESULTS / "tables"
LOGS = RESULTS / "logs"
BENCHMARKS = RESULTS / "benchmarks"

RUNS = expand(CONFIG)
# Runs that come out identical share one ensemble of networks, and runs with one stimulus its data.
ENSEMBLES = {run.ensemble.name: run.ensemble for run in RUNS}
ALL_SEEDS = dict.fromkeys(
    seed for plan in ENSEMBLES.values() for seed in [*plan.seeds, *plan.searched_seeds]
)
STIMULI = {run.parameters.stimulus_name(): run.parameters for run in RUNS}
PHASE_RUNS = phase_effect_runs(CONFIG)
COINCIDENCE_RUNS = coincidence_runs(CONFIG)
ANALYSED_RUNS = analysed_runs(CONFIG)
TUNED_RUNS = [run for run in RUNS if run.parameters.rate_search]
SEARCH_RUNS = search_runs(CONFIG)
OBSERVED = {run.parameters.observer_name(): run.parameters.observed() for run in RUNS}


def table(name):
    """A table that somebody may want to read: with a caption in the report."""
    caption = f"../report/tables/{name}.rst"
    return report(
        str(TABLES / f"{name}.csv"), caption=caption, category="Tables", labels={"table": name}
    )


def any_of(names):
    """A pattern for a wildcard that stands for one of these and nothing else."""
    return "|".join(re.escape(str(name)) for name in names)


wildcard_constraints:
    stimulus=any_of(STIMULI),
    observed=any_of(OBSERVED),
    seed=any_of(ALL_SEEDS),
    network=any_of(ENSEMBLES),
    experiment=any_of(CONFIG.experiments),
    condition=any_of(dict.fromkeys(run.condition for run in RUNS)),
    variant=any_of(CONFIG.variants),


def script_hash(script, *modules):
    """Hash of the package's modules that a script needs: an edit of one runs its rules again."""
    return source_hash(Path("workflow", "scripts", script), modules)


def grown(amount):
    """Memory (MB) or time (min) of a job: again as much each time that a cluster tries it again."""
    return lambda wildcards, attempt: amount * attempt


def manifests(plan):
    """The manifests that an ensemble is trained from, in the order of the seeds."""
    folder = RESULTS / "stimuli" / plan.parameters.stimulus_name()
    return [folder / f"seed-{seed}.json" for seed in plan.seeds]


def network_folder(plan):
    return RESULTS / "networks" / plan.name


def searched_manifests(plan):
    """The manifests that the learning rate of an ensemble is searched on."""
    return manifests(plan._replace(seeds=plan.searched_seeds))


def run_folder(run):
    return RESULTS / "runs" / run.path


def runs_of(experiment):
    return [run for run in RUNS if run.experiment == experiment]


def observer_file(parameters):
    """The ideal observer of a run's stimulus."""
    return RESULTS / "ideal_observer" / f"{parameters.observer_name()}.csv"


def knows_phase(parameters):
    """Whether the observer that bounds a run knows the starting phase: where it could be learnt."""
    return parameters.stimulus.phase == "per_dataset"


def trained_files(wildcards):
    """The files of the ensemble that a run shares with those that came out identical."""
    wanted = f"{wildcards.experiment}/{wildcards.condition}/{wildcards.variant}"
    (run,) = (run for run in RUNS if run.path == wanted)
    return {key: network_folder(run.ensemble) / name for key, name in RUN_FILES.items()}


def about(run):
    """What a run is called: the first columns of its rows."""
    names = [
        "experiment",
        "condition",
        "label",
        "parameter",
        "value",
        "recipe",
        "variant",
    ]
    return {name: getattr(run, name) for name in names}


def phase_runs_on(stimulus):
    """The runs on a stimulus that are tested all round the cycle."""
    return [run for run in PHASE_RUNS if run.parameters.stimulus_name() == stimulus]


def coincidence_folders():
    """Where the hand-built localiser's files are, a folder for each envelope power."""
    runs = COINCIDENCE_RUNS
    return [run_folder(run).parent for run in runs if run.variant == runs[0].variant]


def analysed_ensembles_on(stimulus):
    """The runs on a stimulus that are asked what they have learned, by their ensemble."""
    ensembles = {}
    for run in ANALYSED_RUNS:
        if run.parameters.stimulus_name() == stimulus:
            ensembles.setdefault(network_folder(run.ensemble), []).append(run)
    return ensembles


def analysed_files(stimulus, key):
    return [folder / RUN_FILES[key] for folder in analysed_ensembles_on(stimulus)]


def analysed_names(stimulus):
    """What the runs of each of these ensembles are called."""
    return [[about(run) for run in runs] for runs in analysed_ensembles_on(stimulus).values()]


def on_analysed_stimuli(name):
    """The files of this name of all stimuli of these runs."""
    stimuli = dict.fromkeys(run.parameters.stimulus_name() for run in ANALYSED_RUNS)
    return [RESULTS / "stimuli" / stimulus / name for stimulus in stimuli]


def reference_of(experiment):
    """The condition that an experiment's others are compared with: the first, if none is named."""
    return CONFIG.experiments[experiment].reference or runs_of(experiment)[0].condition


# What is said of what networks have learned, summarised over seeds.
ANALYSIS_TABLES = [
    "tuning",
    "unit_statistics",
    "timing",
    "evidence",
    "evidence_trough",
    "ipd_errors",
]


def result_tables():
    """The tables of results that this config makes, by name."""
    names = ["runs", "summary", "comparisons", "ideal_observer", "efficiency"]
    names += ["phase_curve", "phase_variance"] if PHASE_RUNS else []
    names += ANALYSIS_TABLES if ANALYSED_RUNS else []
    names += ["learning_rates"] if TUNED_RUNS else []
    names += ["reproduction", "reproduction_summary"] if REPRODUCED else []
    names += ["coincidence_summary"] if COINCIDENCE_RUNS else []
    names += ["search"] if SEARCH_RUNS else []
    return {name: TABLES / f"{name}.csv" for name in names}


def paper_tables():
    """The tables that the paper's numbers come from."""
    return result_tables() | {name: TABLES / f"{name}.csv" for name in ("printed", "claims")}


def announcement():
    """What a run is going to train, and about how long that takes."""
    jobs = [job for job in workflow.dag.needrun_jobs() if job.rule.name == "train"]
    networks = sum(job.params.networks for job in jobs)
    text = f"{CONFIG.name}: {networks} networks to train in {len(jobs)} jobs"
    if not jobs or CONFIG.device != "cpu":
        return text
    from spikeloc.training.duration import training_seconds  # imports torch: only where it is needed

    plans = [ENSEMBLES[job.wildcards.network] for job in jobs]
    seconds = training_seconds(plans, CONFIG.device, CONFIG.backend)
    core = "native core" if use_native(CONFIG.backend, CONFIG.device) else "reference"
    minutes = max(1, round(seconds / 60))
    return f"{text}; about {minutes} min of one core with the {core}, less if they stop early"


def benchmark_patterns():
    """By rule, what its benchmark files are called in this config."""
    return {each.name: each.benchmark.regex().pattern for each in workflow.rules if each.benchmark}


def families():
    """How many seeds each experiment has, and how many conditions it compares with its reference;
    of a grid, which is there to be looked at, none."""
    counts = {
        name: len({run.condition for run in runs_of(name)}) - 1 for name in CONFIG.experiments
    }
    return {
        name: (len(runs_of(name)[0].seeds), 0 if CONFIG.experiments[name].grid else count)
        for name, count in counts.items()
    }


def clear_away():
    """Delete what killed jobs have left of the files that are now going to be made."""
    for job in workflow.dag.needrun_jobs():
        for path in map(Path, job.output):
            remove_unfinished(path)
            remove_unfinished(checksum_path(path))


onstart:
    if workflow.local_exec:
        # With a limit of jobs a second, Snakemake 9.27 looks again at all that wait once a second
        # for every job that has ended: in the end more than half a core. Only clusters need one.
        workflow.scheduler.job_rate_limiter = None
    clear_away()
    print(announcement(), file=sys.stderr)
    if warning := too_few_seeds(families()):
        print(warning, file=sys.stderr)

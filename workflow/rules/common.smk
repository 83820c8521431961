"""The config, checked, and what follows from it: runs, stacks of networks, stimuli, folders."""

import re
import sys
from pathlib import Path

from snakemake.utils import validate

from spikeloc.environment import pin_numerics
from spikeloc.errors import InputError
from spikeloc.expansion import coincidence_runs, expand, learned_runs, phase_effect_runs
from spikeloc.files import RUN_FILES, remove_unfinished
from spikeloc.loading import check_config, read_yaml
from spikeloc.native import use_native
from spikeloc.rejection import too_few_seeds
from spikeloc.seals import seal_of
from spikeloc.search_space import search_runs
from spikeloc.sources import source_hash

pin_numerics()

if not Path("CITATION.cff").is_file():
    raise WorkflowError("start snakemake in the folder of its Snakefile")
try:
    for path in workflow.configfiles:
        read_yaml(path)  # Snakemake's own reader lets the last of two equal keys win
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
# Runs that come out identical share one stack of networks, and runs with one stimulus its data.
STACKS = {run.stack.name: run.stack for run in RUNS}
ALL_SEEDS = dict.fromkeys(
    seed for plan in STACKS.values() for seed in [*plan.seeds, *plan.searched_seeds]
)
STIMULI = {run.parameters.stimulus_name(): run.parameters for run in RUNS}
PHASE_RUNS = phase_effect_runs(CONFIG)
COINCIDENCE_RUNS = coincidence_runs(CONFIG)
LEARNED_RUNS = learned_runs(CONFIG)
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
    network=any_of(STACKS),
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
    """The manifests that a stack is trained from, in the order of the seeds."""
    folder = RESULTS / "stimuli" / plan.parameters.stimulus_name()
    return [folder / f"seed-{seed}.json" for seed in plan.seeds]


def stack_folder(plan):
    return RESULTS / "networks" / plan.name


def searched_manifests(plan):
    """The manifests that the learning rate of a stack is searched on."""
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
    """The files of the stack that a run shares with those that came out identical."""
    wanted = f"{wildcards.experiment}/{wildcards.condition}/{wildcards.variant}"
    (run,) = (run for run in RUNS if run.path == wanted)
    return {key: stack_folder(run.stack) / name for key, name in RUN_FILES.items()}


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


def learned_stacks_on(stimulus):
    """The runs on a stimulus that are asked what they have learned, by their stack."""
    stacks = {}
    for run in LEARNED_RUNS:
        if run.parameters.stimulus_name() == stimulus:
            stacks.setdefault(stack_folder(run.stack), []).append(run)
    return stacks


def learned_files(stimulus, key):
    return [folder / RUN_FILES[key] for folder in learned_stacks_on(stimulus)]


def learned_names(stimulus):
    """What the runs of each of these stacks are called."""
    return [[about(run) for run in runs] for runs in learned_stacks_on(stimulus).values()]


def on_learned_stimuli(name):
    """The files of this name of all stimuli of these runs."""
    stimuli = dict.fromkeys(run.parameters.stimulus_name() for run in LEARNED_RUNS)
    return [RESULTS / "stimuli" / stimulus / name for stimulus in stimuli]


def reference_of(experiment):
    """The condition that an experiment's others are compared with: the first, if none is named."""
    return CONFIG.experiments[experiment].reference or runs_of(experiment)[0].condition


def trained_from():
    """What the networks of each run come from that the text is about, by its path."""
    return {
        run.path: [
            run.parameters.trained_from(1 + i) for i in range(run.parameters.nesting.networks)
        ]
        for run in RUNS
        if run.experiment in SPOKEN_OF
    }


# The conditions of what the notebooks did that the text speaks of, in both variants.
SPOKEN_OF = {
    "baseline": ["free", "dale-0.5", "membrane_only"],
    "dale_ratio": [f"inhibitory_fraction-{value}" for value in ("0", "0.5", "1")],
    "inhibition_placement": ["both", "w1_positive", "w2_positive"],
    "envelope_power": [f"envelope_power-{value}" for value in ("0", "2", "10")],
}


# Those of them that this config has as published: what the notebooks printed stands beside them.
REPRODUCED = [
    name for name in SPOKEN_OF if any(run.variant == "published" for run in runs_of(name))
]


def published_nesting(experiment):
    run = next(run for run in runs_of(experiment) if run.variant == "published")
    return run.parameters.nesting.model_dump()


# Ways of keeping signs, each at one inhibitory fraction.
SIGN_METHODS = [name for name in CONFIG.experiments if name.startswith("sign_methods_")]
# Inhibition by place: the grid, its diagonal from two starts, and the notebooks' conditions on it.
SIGN_PLACES = ["sign_grid", "dale_ratio", "balanced_ratio", "inhibition_placement"]
HAS_PLACES = all(name in CONFIG.experiments for name in SIGN_PLACES)


# What else it speaks of.
READOUTS = [
    f"{readout}-{signs}"
    for readout in ("classes", "angle", "circular")
    for signs in ("free", "dale")
]
SHOWN_BESIDES = [PHASE_RUNS, REPRODUCED, COINCIDENCE_RUNS, LEARNED_RUNS, SIGN_METHODS, HAS_PLACES]


def paper_files():
    """The paper, if this config has what its text needs: another has tables and panels only."""
    wanted = {
        f"{experiment}/{condition}/{variant}"
        for experiment, conditions in SPOKEN_OF.items()
        for condition in conditions
        for variant in ("published", "corrected")
    } | {f"regression/{condition}/corrected" for condition in READOUTS}
    complete = wanted <= {run.path for run in RUNS} and all(SHOWN_BESIDES)
    return [f"paper/{CONFIG.name}.pdf"] if complete else []


# What is said of what networks have learned, summarised over seeds.
LEARNED_TABLES = [
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
    names += LEARNED_TABLES if LEARNED_RUNS else []
    names += ["learning_rates"] if TUNED_RUNS else []
    names += ["reproduction", "reproduction_summary"] if REPRODUCED else []
    names += ["coincidence_summary"] if COINCIDENCE_RUNS else []
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
    from spikeloc.estimate import training_seconds  # imports torch: only where it is needed

    plans = [STACKS[job.wildcards.network] for job in jobs]
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
            remove_unfinished(seal_of(path))


onstart:
    clear_away()
    print(announcement(), file=sys.stderr)
    if warning := too_few_seeds(families()):
        print(warning, file=sys.stderr)

"""Expand the experiments of a config into runs."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.models import Condition, Config, Experiment, merge
from spikeloc.config.parameters import Nesting, RunParameters
from spikeloc.config.rate_search import RateSearch
from spikeloc.config.run_names import RunNames
from spikeloc.io.errors import InputError, first_problem, nearest, shown

MOST_RUNS = 1000  # planning more takes minutes
MOST_TESTS = 10_000


@dataclass(frozen=True)
class Run(RunNames):
    """One condition of one experiment under one variant."""

    parameters: RunParameters
    seeds: tuple[int, ...]

    @property
    def ensemble(self) -> EnsemblePlan:
        """The networks of the run. Runs with identical parameters and seeds share them."""
        return EnsemblePlan(self.parameters, self.seeds)

    @property
    def searched_seeds(self) -> list[int]:
        """The seeds on which the learning rate is chosen; none if it is given."""
        search = self.parameters.rate_search
        return [] if search is None else search.seeds

    @property
    def tried(self) -> list[EnsemblePlan]:
        """The ensembles that the search for the learning rate trains, one at each rate."""
        seeds = tuple(self.searched_seeds)
        return [EnsemblePlan(each, seeds) for each in self.parameters.candidates()]

    @property
    def phase_is_known(self) -> bool:
        """Whether the ideal observer knows the starting phase, because networks could learn it."""
        return self.parameters.stimulus.phase == "per_dataset"


def expand(config: Config) -> list[Run]:
    """Every run of every experiment, in the config's order.

    Raises:
        InputError: a setting does not fit; the message names experiment, condition and field.
    """
    runs: list[Run] = []
    for name, experiment in config.experiments.items():
        for run in _expand_experiment(config, name, experiment):
            if len(runs) == MOST_RUNS:
                raise InputError(
                    f"experiments: more than {MOST_RUNS} runs; split them over configs"
                )
            runs.append(run)
    return runs


def phase_effect_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs that are tested at phases all round the cycle, in the order of the config.

    Raises:
        InputError: the config names a condition that does not exist.
    """
    if config.phase_effect is None:
        return []
    known = {f"{run.experiment}/{run.condition}" for run in runs}
    for name in config.phase_effect.runs:
        if name not in known:
            raise InputError(
                f"phase_effect.runs: {name!r} is not an experiment/condition{nearest(name, known)}"
            )
    return [
        run for name in config.phase_effect.runs for run in runs
        if name == f"{run.experiment}/{run.condition}"
    ]  # fmt: skip


def coincidence_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs of the sweep of the envelope power on whose data the hand-built localiser is tested.

    Raises:
        InputError: the experiment does not exist or sweeps another parameter, its variants differ
            in more than the phase, its fibres' delays are not 0 to 90 degrees, or it has fewer
            validation samples than the search needs.
    """
    wanted = config.coincidence
    if wanted is None:
        return []
    name = wanted.experiment
    check_experiment(config, name, "coincidence.experiment")
    if config.experiments[name].paths != ["stimulus.envelope_power"]:
        raise InputError(f"coincidence.experiment: {name!r} does not sweep stimulus.envelope_power")
    runs = [run for run in runs if run.experiment == name]
    stimuli = {(run.condition, run.parameters.observer_name()) for run in runs}
    if len(stimuli) > len({condition for condition, _ in stimuli}):
        raise InputError(f"coincidence.experiment: variants of {name!r} differ in more than phase")
    for run in runs:
        stimulus = run.parameters.stimulus
        if (stimulus.fibre_delay_min_deg, stimulus.fibre_delay_max_deg) != (0, 90):
            raise InputError(
                f"coincidence.experiment: {name!r} has fibre delays other than 0 to 90 degrees, "
                "for which the localiser is built"
            )
    samples = min(run.parameters.training.validation_samples for run in runs)
    if wanted.search_samples > samples:
        raise InputError(
            f"coincidence.search_samples: {wanted.search_samples} are more than the {samples} "
            f"validation samples of {name!r}"
        )
    return runs


def analysed_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs whose networks are analysed: runs of the named experiments that have hidden units
    and classify by a sum over time. Of an experiment with runs that draw a starting phase for each
    sample only these are analysed.

    Raises:
        InputError: a named experiment does not exist or has no such run.
    """
    if config.analysis is None:
        return []
    chosen = []
    for name in config.analysis.experiments:
        check_experiment(config, name, "analysis.experiments")
        own = [
            run for run in runs
            if run.experiment == name
            and run.parameters.network.model == "spiking"
            and run.parameters.network.readout == "classes"
            and run.parameters.network.readout_over_time == "sum"
        ]  # fmt: skip
        own = [run for run in own if not run.phase_is_known] or own
        if not own:
            raise InputError(
                f"analysis.experiments: {name!r} has no run with hidden units that tells classes"
            )
        chosen += own
    return chosen


def tested_runs(config: Config, runs: Sequence[Run]) -> list[Run]:
    """The runs of experiments with ``tests``.

    Raises:
        InputError: a test is not possible with the networks of a run, or there are too many.
    """
    tests = {name: experiment.tests or {} for name, experiment in config.experiments.items()}
    tested = [run for run in runs if tests[run.experiment]]
    count = sum(len(test.values) for run in tested for test in tests[run.experiment].values())
    if count > MOST_TESTS:
        raise InputError(f"experiments: tests: {count} values in all runs; at most {MOST_TESTS}")
    for run in tested:
        for name, test in tests[run.experiment].items():
            try:
                test.settings(run.parameters)
            except ValueError as error:
                where = (
                    f"experiments.{run.experiment}.tests.{name} ({run.condition}, {run.variant})"
                )
                problem = first_problem(error) if isinstance(error, ValidationError) else error
                raise InputError(f"{where}: {problem}") from None
    return tested


def check_experiment(config: Config, name: str, where: str) -> None:
    """Check that an experiment exists.

    Raises:
        InputError: it does not; the message names the key (``where``) and the most similar name.
    """
    if name not in config.experiments:
        raise InputError(
            f"{where}: {name!r} is not an experiment{nearest(name, config.experiments)}"
        )


def check_name(name: str | None, known: Collection[str], where: str) -> str:
    """Check that a name is one of those that the config has, and return it.

    Raises:
        InputError: it is not; the message names the key (``where``) and the known names.
    """
    if name is None or name not in known:
        similar = nearest(name, known)
        raise InputError(f"{where}: {shown(name)} is not one of: {', '.join(known)}{similar}")
    return name


def _expand_experiment(config: Config, name: str, experiment: Experiment) -> Iterator[Run]:
    where = f"experiments.{name}"
    conditions = _each_condition(experiment, where)
    names = [condition.name for condition, _ in conditions]
    for twice, count in Counter(names).items():
        if count > 1:
            raise InputError(f"{where}: duplicate condition {twice!r}")
    if experiment.reference is not None and experiment.reference not in names:
        raise InputError(
            f"{where}.reference: {experiment.reference!r} is not one of its conditions"
            f"{nearest(experiment.reference, names)}"
        )
    variants = experiment.variants or list(config.variants)
    for variant in variants:
        check_name(variant, config.variants, f"{where}.variants")
    for variant in experiment.nesting:
        check_name(variant, variants, f"{where}.nesting")
    for condition, value in conditions:
        here = f"{where}.{condition.name}"
        only = next(iter(config.recipes)) if len(config.recipes) == 1 else None
        named = condition.recipe or experiment.recipe or only
        recipe = check_name(named, config.recipes, f"{here}.recipe")
        for variant in variants:
            nesting, tune = experiment.nesting.get(variant, Nesting()), experiment.tune
            yield Run(
                experiment=name,
                condition=condition.name,
                label=condition.label,
                parameter=experiment.parameter,
                value=value,
                recipe=recipe,
                variant=variant,
                parameters=_resolve(config, recipe, condition, variant, nesting, tune, here),
                seeds=tuple(experiment.seeds or config.seeds),
            )


def _each_condition(experiment: Experiment, where: str) -> list[tuple[Condition, float | None]]:
    try:
        return experiment.each_condition()
    except ValidationError as error:
        form = "grid" if experiment.grid else "values"
        raise InputError(f"{where}.{form}: {first_problem(error)}") from None
    except OverflowError:
        raise InputError(f"{where}.values: an integer is too large") from None


def _resolve(
    config: Config,
    recipe: str,
    condition: Condition,
    variant: str,
    nesting: Nesting,
    tune: RateSearch | None,
    where: str,
) -> RunParameters:
    overridden = config.variants[variant].changes()
    if tune and "training.learning_rate" in _paths(condition.changes()):
        raise InputError(f"{where}: training.learning_rate would have no effect: tune chooses it")
    clash = sorted(set(_paths(condition.changes())) & set(_paths(overridden)))
    if clash:
        raise InputError(
            f"{where}: {clash[0]} would have no effect, since variant {variant!r} sets it too"
        )
    merged = config.model_dump(include={"stimulus", "network", "training"})
    for layer in (config.recipes[recipe].changes(), condition.changes(), overridden):
        merged = merge(merged, layer)
    merged |= {"nesting": nesting, "rate_search": tune}
    try:
        return RunParameters.model_validate(merged).normalised()
    except ValidationError as error:
        raise InputError(f"{where} ({variant}): {first_problem(error)}") from None


def _paths(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _paths(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"

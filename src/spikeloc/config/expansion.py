"""Expand the experiments of a config into runs."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.experiments import Condition, Experiment, Overrides
from spikeloc.config.models import Config
from spikeloc.config.parameters import Nesting, RateSearch, RunParameters
from spikeloc.config.run_names import RunNames
from spikeloc.config.swept_parameters import merge
from spikeloc.io.errors import InputError, first_problem, nearest, shown

MOST_RUNS = 1000  # planning more takes minutes


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
    known = experiment.own_variants or config.variants
    variants = list(experiment.variants or known)
    for variant in variants:
        check_name(variant, known, f"{where}.variants")
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
                parameters=_resolve(
                    config, recipe, condition, (variant, known[variant]), nesting, tune, here
                ),
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
    named: tuple[str, Overrides],
    nesting: Nesting,
    tune: RateSearch | None,
    where: str,
) -> RunParameters:
    variant, overridden = named[0], named[1].changes()
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

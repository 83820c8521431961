"""What panels may ask of the config, beyond the files that they are drawn from.

Each fact is a function of the plan and of what the panel is of: its options, and the ``experiment``
that has it. A panel names those that it wants in ``FACTS``.
"""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from spikeloc.config.layers import LayerParameters
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError

Known = Mapping[str, Any]


def chance(plan: Plan, known: Known) -> float:
    """Accuracy of guessing, in percent."""
    return 100 / plan.config.network.classes


def labels(plan: Plan, known: Known) -> dict[str, str]:
    """The label of each condition of the experiment; of those that the option ``conditions``
    names, in its order, if it names any.

    Raises:
        InputError: naming what is no condition of the experiment.
    """
    found = {run.condition: run.label for run in plan.runs_of(known["experiment"])}
    wanted = known.get("conditions") or list(found)
    for name in wanted:
        if name not in found:
            raise InputError(f"conditions: {name!r} is no condition of {known['experiment']!r}")
    return {name: found[name] for name in wanted}


def run_labels(plan: Plan, known: Known) -> dict[str, str]:
    """By condition, the label of each of the ``runs`` after the last word of what is swept."""
    runs = [plan.run(path) for path in known["runs"]]
    return {run.condition: f"{run.parameter.split('_')[-1]} {run.label}".strip() for run in runs}


def parameters(plan: Plan, known: Known) -> dict[str, Any]:
    """Stimulus and network of the ``run`` (experiment/condition/variant).

    Raises:
        InputError: there is no such run.
    """
    if known["run"] not in {run.path for run in plan.runs}:
        raise InputError(f"run: {known['run']!r} is no experiment/condition/variant")
    run = plan.run(known["run"])
    return run.parameters.model_dump(include={"stimulus", "network"})


def envelope_power(plan: Plan, known: Known) -> float:
    """The power that all stimuli have but those of a sweep of it."""
    return plan.config.stimulus.envelope_power


def fractions(plan: Plan, known: Known) -> dict[str, float]:
    """The inhibitory fraction of inputs in the first run that has one of each of the
    ``experiments``.

    Raises:
        InputError: an experiment has none.
    """
    found = {}
    for name in known["experiments"]:
        layers = [run.parameters.network.w1 for run in plan.runs_of(name)]
        given = [layer.inhibitory_fraction for layer in layers if layer.has_fraction]
        if not given:
            raise InputError(f"experiments: {name!r} has no run with an inhibitory fraction")
        found[name] = given[0]
    return found


def reference(plan: Plan, known: Known) -> str:
    """The condition that the first of the ``experiments`` compares with."""
    return plan.reference_of(known["experiments"][0])


def places(plan: Plan, known: Known) -> dict[str, list[float]]:
    """The values of both parameters in each condition of a grid.

    Raises:
        InputError: the experiment is no grid.
    """
    name = known.get("grid", known.get("experiment"))
    experiment = plan.config.experiments[name]
    if experiment.grid is None:
        raise InputError(f"{name!r} is no grid")
    values = itertools.product(*experiment.grid.values())
    conditions = [condition for condition, _ in experiment.each_condition()]
    return {each.name: list(place) for each, place in zip(conditions, values, strict=True)}


def swept(plan: Plan, known: Known) -> list[str]:
    """The names of the parameters that the experiment varies."""
    paths = plan.config.experiments[known["experiment"]].paths
    return [path.split(".", 1)[-1] for path in paths]


def placements(plan: Plan, known: Known) -> dict[str, list[float]]:
    """By label, the inhibitory fractions of inputs and hidden units in the conditions of the
    experiment ``placement``; 0 where all are excitatory."""

    def inhibited(layer: LayerParameters) -> float:
        return layer.inhibitory_fraction if layer.has_fraction else 0

    return {
        run.label: [inhibited(run.parameters.network.w1), inhibited(run.parameters.network.w2)]
        for run in plan.runs_of(known["placement"])
    }


def titles(plan: Plan, known: Known) -> dict[str, str]:
    """The title of each experiment that has printed values."""
    return {
        name: plan.config.experiments[name].title or name.replace("_", " ")
        for name in plan.reproduced
    }


FACTS: dict[str, Callable[[Plan, Known], Any]] = {
    function.__name__: function
    for function in (
        chance,
        labels,
        run_labels,
        parameters,
        envelope_power,
        fractions,
        reference,
        places,
        swept,
        placements,
        titles,
    )
}


def _phase_effect(plan: Plan) -> dict[str, Any]:
    names = list(dict.fromkeys(run.experiment for run in plan.phase_runs))
    return {"experiments": names} if names else {}


def _coincidence(plan: Plan) -> dict[str, Any]:
    wanted = plan.config.coincidence
    return {"experiment": wanted.experiment} if wanted else {}


def _analysis(plan: Plan) -> dict[str, Any]:
    """The first experiment is shown in detail; weights are those of the others, if there are any."""
    if not plan.analysed_runs:
        return {}
    first = plan.analysed_runs[0].experiment
    others = [run.path for run in plan.analysed_runs if run.experiment != first]
    return {
        "experiment": first,
        "runs": others or [run.path for run in plan.analysed_runs],
    }


# By key of the config that brings panels with it, the experiments and runs that they are of;
# nothing if the key is not there.
KEYS: dict[str, Callable[[Plan], dict[str, Any]]] = {
    "phase_effect": _phase_effect,
    "coincidence": _coincidence,
    "analysis": _analysis,
    "search": lambda plan: {"recipes": list(plan.search_runs)} if plan.search_runs else {},
    "printed": lambda plan: {"experiments": plan.reproduced} if plan.reproduced else {},
}

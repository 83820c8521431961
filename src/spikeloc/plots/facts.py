"""Facts about the config that panels may need besides the files that they are drawn from.

Each fact is a function of the plan and of the panel's options, including the ``experiment`` that
has the panel. A panel lists the facts that it needs in ``FACTS``.
"""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from spikeloc.config.expansion import check_experiment
from spikeloc.config.parameters import LayerParameters
from spikeloc.config.plan import Plan
from spikeloc.config.run_names import full_label
from spikeloc.config.swept_parameters import written
from spikeloc.io.errors import InputError, nearest
from spikeloc.metrics import declared
from spikeloc.plots.parameter_labels import readable

Known = Mapping[str, Any]
OBSERVED = ("test_accuracy", "test_abs_error_deg")  # drawn beside the ideal observer's score
SIGNS = {"free": "free", "dale": "Dale", "positive": "positive", "per_synapse": "per synapse"}


def chance(plan: Plan, _: Known) -> float:
    """The accuracy of guessing, in percent."""
    return 100 / plan.config.network.classes


def labels(plan: Plan, known: Known) -> dict[str, str]:
    """The labels of the conditions that the option ``conditions`` names, in its order, or of all
    conditions of the experiment if it names none.

    Raises:
        InputError: the option names a condition that the experiment does not have.
    """
    found = {run.condition: run.label for run in plan.runs_of(known["experiment"])}
    wanted = known.get("conditions") or list(found)
    for name in wanted:
        if name not in found:
            similar = nearest(name, found)
            raise InputError(
                f"conditions: {name!r} is not a condition of {known['experiment']!r}{similar}"
            )
    return {name: found[name] for name in wanted}


def run_labels(plan: Plan, known: Known) -> dict[str, str]:
    """The label of each of the ``runs``, by path, after the last word of the swept parameter. Runs
    with the same label are told apart by experiment and variant, in a second line."""
    runs = [plan.run(path) for path in known["runs"]]
    labels = [full_label(run.parameter, run.label) for run in runs]
    return {
        run.path: f"{label}\n{run.experiment}, {run.variant}" if labels.count(label) > 1 else label
        for run, label in zip(runs, labels, strict=True)
    }


def fibre_delays_deg(plan: Plan, known: Known) -> dict[str, list[float]]:
    """The smallest and the largest phase delay of the fibres in each of the ``runs``, or in the
    ``run``, by path, without jitter."""
    paths = known["runs"] if "runs" in known else [known["run"]]
    stimuli = {path: plan.run(path).parameters.stimulus for path in paths}
    return {p: [own.fibre_delay_min_deg, own.fibre_delay_max_deg] for p, own in stimuli.items()}


def parameters(plan: Plan, known: Known) -> dict[str, Any]:
    """The parameters of stimulus and network of the ``run``."""
    run = plan.run(known["run"])
    return run.parameters.model_dump(include={"stimulus", "network"})


def envelope_power(plan: Plan, _: Known) -> float:
    """The envelope power of all stimuli outside the sweep of this power."""
    return plan.config.stimulus.envelope_power


def fractions(plan: Plan, known: Known) -> dict[str, float]:
    """For each of the ``experiments``, the inhibitory fraction of inputs in its first run with one.

    Raises:
        InputError: an experiment has no such run, or several variants.
    """
    found = {}
    for name in known["experiments"]:
        layers = [run.parameters.network.w1 for run in plan.runs_of(name)]
        given = [layer.inhibitory_fraction for layer in layers if layer.has_fraction]
        if not given:
            raise InputError(f"experiments: {name!r} has no run with an inhibitory fraction")
        _only_variant(plan, "experiments", name)
        found[name] = given[0]
    return found


def reference(plan: Plan, known: Known) -> str:
    """The reference condition of the first of the ``experiments``."""
    return plan.reference_of(known["experiments"][0])


def reference_label(plan: Plan, known: Known) -> str:
    """What a text calls this condition: by its label, or "free signs" if all its signs are free."""
    name, condition = known["experiments"][0], reference(plan, known)
    run = plan.runs_in(name, condition)[0]
    free = {run.parameters.network.w1.signs, run.parameters.network.w2.signs} == {"free"}
    return "free signs" if free else run.label


def recipe_labels(plan: Plan, _: Known) -> dict[str, str]:
    """The signs of the weights in each recipe that is searched, or the names of the recipes if
    signs do not tell them apart."""
    layers = {
        recipe: [layer for run in runs for layer in (run.network.w1, run.network.w2)]
        for recipe, runs in plan.search_runs.items()
    }
    signs = {recipe: {layer.signs for layer in found} for recipe, found in layers.items()}
    if any(len(each) > 1 for each in signs.values()) or len(set().union(*signs.values())) < len(
        signs
    ):
        return {recipe: recipe.replace("_", " ") for recipe in signs}
    return {recipe: SIGNS[only] for recipe, (only,) in signs.items()}


def _only_variant(plan: Plan, option: str, experiment: str) -> str:
    variants = list(dict.fromkeys(run.variant for run in plan.runs_of(experiment)))
    if len(variants) > 1:
        raise InputError(
            f"{option}: the panel shows one variant, and {experiment!r} has {', '.join(variants)}"
        )
    return variants[0]


def variant_of_grid(plan: Plan, known: Known) -> str:
    """The variant of the experiment ``grid``, which ``uniform`` and ``balanced`` have too.

    Raises:
        InputError: the grid has several variants, or the others do not have its variant.
    """
    variant = _only_variant(plan, "grid", known["grid"])
    for option in ("uniform", "balanced"):
        if all(run.variant != variant for run in plan.runs_of(known[option])):
            raise InputError(f"{option}: {known[option]!r} has no variant {variant!r}")
    return variant


def variant_of_localiser(plan: Plan, _: Known) -> str:
    """The first variant of the hand-built localiser whose samples start at all phases, or else the
    first one."""
    runs = plan.coincidence_runs
    at_all_phases = (run for run in runs if run.parameters.stimulus.phase == "per_sample")
    return next(at_all_phases, runs[0]).variant


def places(plan: Plan, known: Known) -> dict[str, list[float | str]]:
    """The values of both parameters in each condition of a grid; words and booleans as text."""
    experiment = plan.config.experiments[known.get("grid", known.get("experiment"))]
    values = itertools.product(*(experiment.grid or {}).values())
    conditions = [condition for condition, _ in experiment.each_condition()]
    return {
        condition.name: [written(each) if isinstance(each, str | bool) else each for each in pair]
        for condition, pair in zip(conditions, values, strict=True)
    }


def swept(plan: Plan, known: Known) -> list[str]:
    """The names of the parameters that the experiment varies."""
    paths = plan.config.experiments[known["experiment"]].paths
    return [path.split(".", 1)[-1] for path in paths]


def test(plan: Plan, known: Known) -> str:
    """The name of the experiment's test that the option ``test`` names, or else of its first.

    Raises:
        InputError: there is no such test.
    """
    tests = plan.tests_of(known["experiment"])
    name = known["test"] or next(iter(tests), "")
    if name not in tests:
        raise InputError(
            f"test: {known['experiment']!r} has no test {name!r}{nearest(name, tests)}"
            if tests
            else f"{known['experiment']!r} has no tests"
        )
    return name


def placements(plan: Plan, known: Known) -> dict[str, list[float]]:
    """The inhibitory fractions of inputs and hidden units in each condition of the experiment
    ``placement``, by label; 0 if all units are excitatory.

    Raises:
        InputError: there is no such experiment.
    """
    if known["placement"]:
        check_experiment(plan.config, known["placement"], "placement")

    def inhibited(layer: LayerParameters) -> float:
        return layer.inhibitory_fraction if layer.has_fraction else 0

    return {
        run.label: [inhibited(run.parameters.network.w1), inhibited(run.parameters.network.w2)]
        for run in plan.runs_of(known["placement"])
    }


def titles(plan: Plan, _: Known) -> dict[str, str]:
    """The title of each experiment that has printed values."""
    return {name: plan.config.title_of(name) for name in plan.reproduced}


FACTS: dict[str, Callable[[Plan, Known], Any]] = {
    function.__name__: function
    for function in (
        chance,
        labels,
        run_labels,
        fibre_delays_deg,
        parameters,
        envelope_power,
        fractions,
        reference,
        reference_label,
        recipe_labels,
        variant_of_grid,
        variant_of_localiser,
        places,
        swept,
        test,
        placements,
        titles,
    )
}


def _metric(_: Plan, known: Known) -> str:
    return declared.label(known["metric"])


def _parameter(plan: Plan, known: Known) -> str:
    paths = plan.config.experiments[known["experiment"]].paths
    names = [known.get("xlabel") or readable(path.split(".", 1)[-1]) for path in paths]
    return " and ".join(name[:1].lower() + name[1:] for name in dict.fromkeys(names))


def _tested(plan: Plan, known: Known) -> str:
    tests = plan.config.experiments[known["experiment"]].tests or {}
    name = readable(tests[test(plan, known)].vary.split(".")[-1])
    return name[:1].lower() + name[1:]


def _printed(plan: Plan, known: Known) -> str:
    given = plan.config.experiments[known["experiment"]].printed
    return "; diamonds are printed values" if given else ""


def _observer(_: Plan, known: Known) -> str:
    observed = known.get("metric", "test_accuracy") in OBSERVED
    return "; dotted lines are the ideal observer" if observed else ""


# What captions may say about the panel's experiment, by the word in braces that stands for it.
CAPTION_WORDS: dict[str, Callable[[Plan, Known], str]] = {
    "metric": _metric,
    "parameter": _parameter,
    "tested": _tested,
    "printed": _printed,
    "observer": _observer,
}


def _phase_effect(plan: Plan) -> dict[str, Any]:
    names = list(dict.fromkeys(run.experiment for run in plan.phase_runs))
    return {"experiments": names} if names else {}


def _coincidence(plan: Plan) -> dict[str, Any]:
    wanted = plan.config.coincidence
    return {"experiment": wanted.experiment} if wanted else {}


def _analysis(plan: Plan) -> dict[str, Any]:
    """The first experiment is shown in detail; weights come from the others, if there are any."""
    if not plan.analysed_runs:
        return {}
    first = plan.analysed_runs[0].experiment
    others = [run.path for run in plan.analysed_runs if run.experiment != first]
    return {
        "experiment": first,
        "runs": others or [run.path for run in plan.analysed_runs],
    }


# For each key of the config that adds panels: the experiments and runs of these panels; empty if
# the config does not have the key.
KEYS: dict[str, Callable[[Plan], dict[str, Any]]] = {
    "phase_effect": _phase_effect,
    "coincidence": _coincidence,
    "analysis": _analysis,
    "search": lambda plan: {"recipes": list(plan.search_runs)} if plan.search_runs else {},
    "printed": lambda plan: {"experiments": plan.reproduced} if plan.reproduced else {},
}

"""What the page needs to know about the config, as plain data. Planning calls it; it needs neither
torch nor tables."""

import itertools
from typing import Any

from spikeloc.config.differences import changed
from spikeloc.config.expansion import Run
from spikeloc.config.parameters import LayerParameters
from spikeloc.config.plan import Plan
from spikeloc.config.swept_parameters import written
from spikeloc.plots.parameter_labels import readable

SIGNS = {"free": "free signs", "positive": "all positive", "per_synapse": "a sign for each weight"}


def settings(plan: Plan) -> dict[str, Any]:
    """Experiments, embedded networks and the conditions that show them.

    ``variants``: what each changes, in words; ``experiments``: in order, what charts say of each;
    ``runs``: by path, the key of the network that each of its first seeds has in the page;
    ``networks``: the parameters of each such network.
    """
    config = plan.config
    return {
        "config": config.name,
        "seeds": list(config.seeds),
        "variants": {name: changed(each.changes()) for name, each in config.variants.items()},
        "chance": 100 / config.network.classes,
        "experiments": [_experiment(plan, name) for name in config.experiments],
        "places": {name: _places(plan, name) for name in config.experiments},
        "runs": {run.path: _keys(plan, run) for run in plan.explored_runs},
        "networks": {
            key: _network(run, seed)
            for run in plan.explored_runs
            for seed, key in _keys(plan, run).items()
        },
    }


def weight_files(plan: Plan) -> dict[str, str]:
    """The file of weights in which each embedded network is found, by its key in the page."""
    return {
        key: plan.run_file(run, "weights").as_posix()
        for run in plan.explored_runs
        for key in _keys(plan, run).values()
    }


def _keys(plan: Plan, run: Run) -> dict[str, str]:
    """Networks that are trained from the same have the same key, and are embedded once."""
    wanted = plan.config.explorer
    assert wanted is not None  # else no run is explored
    name = run.parameters.trained_from(1)
    return {str(seed): f"{name}-{seed}" for seed in run.seeds[: wanted.seeds]}


def _experiment(plan: Plan, name: str) -> dict[str, Any]:
    experiment = plan.config.experiments[name]
    return {
        "name": name,
        "title": plan.config.title_of(name),
        "kind": experiment.kind,
        "parameters": list(
            dict.fromkeys(readable(each) for each in experiment.parameter.split(", ") if each)
        ),
        "reference": plan.reference_of(name),
    }


def _places(plan: Plan, name: str) -> dict[str, list[Any]]:
    """The values of both parameters in each condition of a grid."""
    experiment = plan.config.experiments[name]
    if experiment.grid is None:
        return {}
    values = itertools.product(*experiment.grid.values())
    names = [condition.name for condition, _ in experiment.each_condition()]
    return {
        each: [written(value) if isinstance(value, bool) else value for value in pair]
        for each, pair in zip(names, values, strict=True)
    }


def _network(run: Run, seed: str) -> dict[str, Any]:
    network, stimulus = run.parameters.network, run.parameters.stimulus
    return {
        "seed": seed,
        "tauMs": network.tau_ms,
        "readoutTauMs": network.readout_tau_ms or network.tau_ms,
        "logitScale": network.logit_scale,
        "noiseSd": network.noise_sd,
        "signs": f"W1: {_signs(network.w1)}; W2: {_signs(network.w2)}",
        "testSamples": run.parameters.training.test_samples,
        "stimulus": stimulus.model_dump(),
    }


def _signs(layer: LayerParameters) -> str:
    if layer.signs in SIGNS:
        return SIGNS[layer.signs]
    return f"Dale, {100 * layer.inhibitory_fraction:g} % inhibitory"

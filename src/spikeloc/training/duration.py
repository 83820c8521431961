"""An estimate of the duration of training on this machine, from a few steps that are timed."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import torch

from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.metrics.evaluation import evaluate
from spikeloc.native import use_native
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.membrane_only import build_network
from spikeloc.stimulus.generator import make_data_set
from spikeloc.training.train import train

PROBE_STEPS = 8

Result = TypeVar("Result")


class Costs(NamedTuple):
    """Seconds of one core to make a sample, to train with it once, and to evaluate it."""

    made: float
    trained: float
    evaluated: float


def estimate(plans: Sequence[EnsemblePlan], device: str, backend: Backend) -> str:
    """The time that training of these ensembles takes, in words."""
    core = "native core" if use_native(backend, device) else "reference"
    minutes = max(1, round(training_seconds(plans, device, backend) / 60))
    return f"about {minutes} min of one core with the {core}, less if they stop early"


def training_seconds(plans: Sequence[EnsemblePlan], device: str, backend: Backend) -> float:
    """Seconds of one core to make the data of ensembles, and to train and evaluate their networks.

    It is an upper limit, since networks may stop early. The first network is timed for all of them,
    except that the first one with divisive inhibition is timed for all of these.
    """
    measured: dict[bool, Costs] = {}
    total = 0.0
    for plan in plans:
        run, divides = plan.parameters, plan.parameters.network.divides
        if divides not in measured:
            measured[divides] = measure_costs(run, device, backend)
        costs = measured[divides]
        given, epochs = run.samples_by_purpose(), run.training.epochs
        validated = epochs * given["validation"] if run.training.validate_each_epoch else 0
        network = costs.trained * epochs * given["training"] + costs.evaluated * validated
        made = sum(run.data_sizes().values())
        if run.training.fresh_stimuli:  # those of the first epoch are counted already
            made += (epochs - 1) * given["training"] * _training_sets(run)
        total += costs.made * made * len(plan.seeds)
        total += (network + costs.evaluated * sum(given.values())) * plan.networks
    return total


def _training_sets(run: RunParameters) -> int:
    """Number of different training data sets of a seed."""
    return 1 if "training" in run.nesting.shared else run.nesting.networks


def measure_costs(run: RunParameters, device: str, backend: Backend) -> Costs:
    """The costs of one network of a run, timed on a few batches."""
    training = run.training
    samples = min(PROBE_STEPS * training.batch_size, training.training_samples)
    changes: dict[str, Any] = {"epochs": 1, "fresh_stimuli": False}
    changes |= {"validate_each_epoch": False, "weights_kept": "notebook"}
    recipe = training.model_copy(update=changes)
    network = build_network(run.network, run.stimulus, [0], backend).to(device)
    made, data = _timed(lambda: make_data_set(run.stimulus, 0, "probe", samples, backend=backend))
    on_device = EnsembleData.from_data_sets([data], run.network.classes, torch.device(device))
    trained, _ = _timed(lambda: train(network, on_device, None, recipe))
    evaluated, _ = _timed(lambda: evaluate(network, on_device))
    return Costs(made / samples, trained / samples, evaluated / samples)


def _timed(call: Callable[[], Result]) -> tuple[float, Result]:
    """The duration in seconds and the result of a second call; the first one is to warm up."""
    call()
    start = perf_counter()
    result = call()
    return perf_counter() - start, result

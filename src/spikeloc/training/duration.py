"""An estimate of the duration of training on this machine, from a few steps that are timed."""

from collections.abc import Callable, Hashable, Sequence
from itertools import chain
from time import process_time
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

PROBE_STEPS = 2
PROBE_NETWORKS = 10
START_SECONDS = 2.0  # of a job: to start Python and import torch

Result = TypeVar("Result")


class Costs(NamedTuple):
    """Seconds of one core to make a sample, to train a network with it once, and to evaluate it."""

    made: float
    trained: float
    evaluated: float


def estimate(jobs: Sequence[Sequence[EnsemblePlan]], device: str, backend: Backend) -> str:
    """The time that jobs take, each of which trains some ensembles, in words."""
    core = "native core" if use_native(backend, device) else "reference"
    minutes = max(1, round(training_seconds(jobs, device, backend) / 60))
    return f"about {minutes} min of one core with the {core}, less if they stop early"


def training_seconds(
    jobs: Sequence[Sequence[EnsemblePlan]], device: str, backend: Backend
) -> float:
    """Seconds of one core to make the data of ensembles, and to train and evaluate their networks.

    It is an upper limit, since networks may stop early. The first ensemble of each kind is timed,
    for the others in proportion to their size.
    """
    timed: dict[Hashable, tuple[Costs, RunParameters]] = {}
    total = START_SECONDS * len(jobs)
    for plan in chain.from_iterable(jobs):
        run, its_kind = plan.parameters, kind(plan.parameters)
        if its_kind not in timed:
            timed[its_kind] = measure_costs(plan, device, backend), run
        costs, like = timed[its_kind]
        making = costs.made * bins(run) / bins(like)
        running = bins(run) * units(run) / (bins(like) * units(like))
        given, epochs = run.samples_by_purpose(), run.training.epochs
        evaluated = sum(given.values()) + given["test"]  # test data before training, too
        evaluated += epochs * given["validation"] if run.training.validate_each_epoch else 0
        network = costs.trained * epochs * given["training"] + costs.evaluated * evaluated
        made = sum(run.data_sizes().values())
        if run.training.fresh_stimuli:  # those of the first epoch are counted already
            made += (epochs - 1) * given["training"] * _training_sets(run)
        total += making * made * len(plan.seeds) + running * network * plan.networks
    return total


def kind(run: RunParameters) -> Hashable:
    """Equal for runs whose networks are computed alike: by the words among their parameters, and by
    which numbers are 0 or missing."""
    own = [
        value if isinstance(value, str) else bool(value)
        for name, value in run.network
        if name not in ("w1", "w2")
    ]
    return (*own, run.network.divides)


def bins(run: RunParameters) -> int:
    """Number of bins of a sample, in all fibres."""
    return run.stimulus.steps * run.stimulus.inputs


def units(run: RunParameters) -> int:
    """Number of units that input spikes reach."""
    network = run.network
    return network.hidden_units if network.model == "spiking" else network.outputs


def _training_sets(run: RunParameters) -> int:
    """Number of different training data sets of a seed."""
    return 1 if "training" in run.nesting.shared else run.nesting.networks


def measure_costs(plan: EnsemblePlan, device: str, backend: Backend) -> Costs:
    """The costs of one network of an ensemble, timed on a few batches of the ensemble."""
    run, count = plan.parameters, min(plan.networks, PROBE_NETWORKS)
    training = run.training
    samples = min(PROBE_STEPS * training.batch_size, training.training_samples)
    changes: dict[str, Any] = {"epochs": 1, "fresh_stimuli": False}
    changes |= {"validate_each_epoch": False, "weights_kept": "notebook"}
    recipe = training.model_copy(update=changes)
    network = build_network(run.network, run.stimulus, range(count), backend).to(device)
    made, data = _timed(lambda: make_data_set(run.stimulus, 0, "probe", samples, backend=backend))
    together = [data] * count
    on_device = EnsembleData.from_data_sets(together, run.network.classes, torch.device(device))
    trained, _ = _timed(lambda: train(network, on_device, None, recipe))
    evaluated, _ = _timed(lambda: evaluate(network, on_device))
    return Costs(made / samples, trained / (samples * count), evaluated / (samples * count))


def _timed(call: Callable[[], Result]) -> tuple[float, Result]:
    """The seconds of one core and the result of a second call; the first one is to warm up."""
    call()
    start = process_time()
    result = call()
    return process_time() - start, result

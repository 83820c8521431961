"""Small runs, their data and their networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.initial_weights import uniform_weights
from spikeloc.networks.membrane_only import build_network
from spikeloc.networks.network import LocalisationNetwork
from spikeloc.stimulus.generator import DataSet, make_data_set
from spikeloc.training.train import Progress, train

CPU = torch.device("cpu")
BACKENDS: list[Backend] = ["reference", "auto"]  # auto: the native core, where there is one


@dataclass(frozen=True)
class Trained:
    """An ensemble that was trained, its signed weights, and the progress of each network."""

    network: LocalisationNetwork
    progress: list[Progress]

    @property
    def weights(self) -> dict[str, Tensor]:
        return self.network.signed_weights()


def small_run(
    stimulus: dict[str, Any] | None = None,
    network: dict[str, Any] | None = None,
    training: dict[str, Any] | None = None,
    nesting: dict[str, Any] | None = None,
) -> RunParameters:
    """A run of a few units, steps and samples that trains in milliseconds."""
    sizes = {"training_samples": 48, "validation_samples": 32, "test_samples": 32}
    return RunParameters.model_validate(
        {
            "stimulus": {"fibres_per_ear": 7, "duration_ms": 24.0} | (stimulus or {}),
            "network": {"hidden_units": 6, "classes": 4} | (network or {}),
            "training": sizes | {"batch_size": 16, "epochs": 3} | (training or {}),
            "nesting": nesting or {},
        }
    )


def data_sets(run: RunParameters, seeds: Sequence[int], purpose: str) -> list[DataSet]:
    """A data set of each seed."""
    samples = run.data_sizes()[purpose]
    return [make_data_set(run.stimulus, seed, purpose, samples) for seed in seeds]


def ensemble(
    run: RunParameters, seeds: Sequence[int | NetworkId], backend: Backend = "auto"
) -> LocalisationNetwork:
    """An ensemble before training."""
    return build_network(run.network, run.stimulus, list(seeds), backend)


def ensemble_data(
    run: RunParameters, seeds: Sequence[int], purpose: str = "training"
) -> EnsembleData:
    """The data of an ensemble."""
    return EnsembleData.from_data_sets(data_sets(run, seeds, purpose), run.network.classes, CPU)


def train_ensemble(run: RunParameters, seeds: Sequence[int], backend: Backend = "auto") -> Trained:
    """Train an ensemble of one network a seed as a job does, silently."""
    validation = None
    if run.training.validate_each_epoch:
        validation = ensemble_data(run, seeds, "validation")
    network = ensemble(run, seeds, backend)
    progress = train(network, ensemble_data(run, seeds), validation, run.training)
    return Trained(network, progress)


def float_spikes(data: Sequence[DataSet]) -> Tensor:
    """Input spikes of an ensemble, float32 (networks, samples, steps, fibres)."""
    return torch.from_numpy(np.stack([each.spikes.unpack() for each in data]).astype(np.float32))


def start_weights(
    run: RunParameters, seeds: Sequence[int], factor: float = 1.0
) -> dict[str, Tensor]:
    """Uniform initial weights of an ensemble, times ``factor`` so that few units spike a lot."""
    network, inputs = run.network, run.stimulus.inputs
    shapes = {"w1": (inputs, network.hidden_units), "w2": (network.hidden_units, network.outputs)}
    if network.model == "membrane_only":
        shapes = {"w1": (inputs, network.outputs)}
    return {
        name: factor * torch.stack([uniform_weights(name, shape, seed) for seed in seeds])
        for name, shape in shapes.items()
    }


def start_network(
    run: RunParameters, seeds: Sequence[int], factor: float = 1.0, backend: Backend = "auto"
) -> LocalisationNetwork:
    """An ensemble of these weights, without constraints of their signs."""
    weights = start_weights(run, seeds, factor)
    return build_network(run.network, run.stimulus, list(seeds), backend, weights)

"""Small runs and their data."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.networks.batches import Batches
from spikeloc.networks.weights import Weights, initial_weight, layer_shapes
from spikeloc.stimulus.generator import DataSet, make_data_set
from spikeloc.training.train import Trained, train

CPU = torch.device("cpu")
BACKENDS: list[Backend] = ["reference", "auto"]  # auto: the native core, where there is one


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


def batches(run: RunParameters, seeds: Sequence[int], purpose: str = "training") -> Batches:
    """The data of an ensemble."""
    return Batches.from_data_sets(data_sets(run, seeds, purpose), run.network.classes, CPU)


def train_ensemble(run: RunParameters, seeds: list[int], backend: Backend = "auto") -> Trained:
    """Train an ensemble of one network a seed as a job does, silently."""
    validation = batches(run, seeds, "validation") if run.training.validate_each_epoch else None
    network_ids = [NetworkId(seed) for seed in seeds]
    return train(run, batches(run, seeds), validation, network_ids, lambda _: None, backend)


def float_spikes(data: Sequence[DataSet]) -> torch.Tensor:
    """Input spikes of an ensemble as the forward pass takes them."""
    return torch.from_numpy(np.stack([each.spikes.unpack() for each in data]).astype(np.float32))


def start_weights(run: RunParameters, seeds: Sequence[int], factor: float = 1.0) -> Weights:
    """Initial weights of an ensemble, times ``factor`` so that few units can spike a lot."""
    layers = {
        name: factor * torch.stack([initial_weight(name, shape, seed) for seed in seeds])
        for name, shape in layer_shapes(run.network, run.stimulus.inputs).items()
    }
    return Weights(layers["w1"], layers.get("w2"))

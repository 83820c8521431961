"""Trained networks that come back from their files, ready to run on any spikes."""

from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import ValidationError
from torch import Tensor

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import RunParameters
from spikeloc.io.errors import InputError, first_problem
from spikeloc.io.files import RUN_FILES
from spikeloc.io.weight_files import read_weights
from spikeloc.networks.network import Activity, Weights, forward, unpack_bits, weight_shapes
from spikeloc.networks.noise import hidden_noise
from spikeloc.stimulus.spike_trains import SpikeTrains

BATCH = 64  # samples at a time, unpacked


@dataclass(frozen=True)
class LoadedRun:
    """A trained ensemble, ready to run."""

    parameters: RunParameters
    network_ids: list[NetworkId]
    weights: Weights

    @property
    def seeds(self) -> list[int]:
        """Each network's seed."""
        return [network_id.seed for network_id in self.network_ids]

    def __call__(self, spikes: SpikeTrains) -> Activity:
        """Run every network on the same spikes.

        Returns:
            logits (networks, samples, classes) and hidden spikes.

        Raises:
            ValueError: the spikes are of another number of fibres.
        """
        inputs = self.parameters.stimulus.inputs
        if spikes.fibres != inputs:
            raise ValueError(f"networks of {inputs} inputs were given {spikes.fibres} fibres")
        parts = [self._respond(bits) for bits in torch.split(torch.from_numpy(spikes.bits), BATCH)]
        hidden = [part.hidden_spikes for part in parts if part.hidden_spikes is not None]
        logits = torch.cat([part.logits for part in parts], dim=1)
        return Activity(logits, torch.cat(hidden, dim=1) if hidden else None)

    @torch.no_grad()
    def _respond(self, bits: Tensor) -> Activity:
        batch = unpack_bits(bits, self.parameters.stimulus.inputs)
        stacked = batch.expand(len(self.network_ids), *batch.shape).contiguous()
        noise = hidden_noise(bits[None].expand(len(self.network_ids), *bits.shape), self.parameters)
        return forward(self.weights, stacked, self.parameters, noise)


def load_run(folder: str | Path) -> LoadedRun:
    """The trained networks of a folder under ``results/runs`` (experiment/condition/variant).

    Raises:
        InputError: the weight file is missing, truncated or altered; the message names it.
    """
    path = Path(folder) / RUN_FILES["weights"]
    about, arrays = read_weights(path)
    try:
        parameters = RunParameters.model_validate(about.get("parameters"))
    except ValidationError as error:
        raise InputError(f"{path}: {first_problem(error)}") from None
    seeds, networks = about.get("seeds", []), about.get("networks", [])
    if len(seeds) != len(networks):
        raise InputError(f"{path}: has {len(seeds)} seeds of {len(networks)} networks")
    for name, shape in weight_shapes(parameters.network, parameters.stimulus.inputs).items():
        if name not in arrays or arrays[name].shape != (len(seeds), *shape):
            raise InputError(f"{path}: {name} is not (networks, {shape[0]}, {shape[1]})")
    layers = {name: torch.from_numpy(array) for name, array in arrays.items()}
    network_ids = [NetworkId(*each) for each in zip(seeds, networks, strict=True)]
    return LoadedRun(parameters, network_ids, Weights.of_layers(layers))

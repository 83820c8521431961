"""Trained networks read from their files, ready to run on any spikes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

import torch
from pydantic import Field, ValidationError, model_validator

from spikeloc.config.base import Parameters, Seed
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import (
    Backend,
    NetworkParameters,
    RunParameters,
    StimulusParameters,
)
from spikeloc.io.errors import InputError, first_problem, shown
from spikeloc.io.files import RUN_FILES
from spikeloc.io.weight_files import not_finite, read_weights
from spikeloc.networks.ensemble_data import UNPACKED_SAMPLES
from spikeloc.networks.membrane_only import build_network
from spikeloc.networks.network import LocalisationNetwork, NetworkOutput
from spikeloc.networks.signs import part_shapes
from spikeloc.stimulus.spike_trains import SpikeTrains


class RunMetadata(Parameters):
    """What a weight file says of an ensemble: its parameters, the seed and number of each network,
    and the places of those that diverged to weights that are NaN or infinite."""

    parameters: RunParameters
    seeds: Annotated[list[Seed], Field(min_length=1)]
    networks: list[int]
    not_finite: list[int] = []

    @property
    def network_ids(self) -> list[NetworkId]:
        """Of each network."""
        return [NetworkId(*each) for each in zip(self.seeds, self.networks, strict=True)]

    @model_validator(mode="after")
    def _has_the_networks_of_each_seed(self) -> Self:
        if len(self.seeds) != len(self.networks):
            raise ValueError(f"has {len(self.seeds)} seeds but {len(self.networks)} networks")
        networks = self.parameters.nesting.networks
        expected = self.parameters.nesting.network_ids(self.seeds[::networks])
        if self.network_ids != expected or len({*expected}) < len(expected):
            raise ValueError(f"seeds and networks: must be networks 1 to {networks} of each seed")
        return self


@dataclass(frozen=True)
class LoadedRun:
    """A trained ensemble: its parameters, and its ``network``, the signs of which are those that
    were trained, without a constraint."""

    parameters: RunParameters
    network: LocalisationNetwork

    @property
    def seeds(self) -> list[int]:
        """Each network's seed."""
        return [network_id.seed for network_id in self.network.network_ids]

    def __len__(self) -> int:
        return self.network.networks

    def __iter__(self) -> Iterator[LocalisationNetwork]:
        return map(self.network.single, range(len(self)))

    def __getitem__(self, network_id: int | NetworkId) -> LocalisationNetwork:
        """The network of a seed, or of a seed and the network's number, as a module of its own.

        Raises:
            KeyError: the run has no such network.
        """
        wanted = network_id if isinstance(network_id, tuple) else (network_id, 1)
        if wanted not in self.network.network_ids:
            raise KeyError(f"the run has no network of seed {network_id}, only of {self.seeds}")
        return self.network.single(self.network.network_ids.index(NetworkId(*wanted)))

    @torch.no_grad()
    def __call__(self, spikes: SpikeTrains) -> NetworkOutput:
        """Run every network on the same spikes, in plain torch, which keeps hidden spikes.

        Returns:
            Logits (networks, samples, outputs), hidden spikes and their counts.

        Raises:
            ValueError: the spikes are of another number of fibres or another time step.
        """
        starts = range(0, max(len(spikes), 1), UNPACKED_SAMPLES)
        parts = [self.network(spikes[i : i + UNPACKED_SAMPLES], record=True) for i in starts]
        return NetworkOutput(
            **{
                name: torch.cat([getattr(part, name) for part in parts], dim=1)
                for name, first in vars(parts[0]).items()
                if first is not None
            }
        )


def load_run(folder: str | Path, backend: Backend = "auto") -> LoadedRun:
    """The trained networks of a folder below ``results/runs`` (experiment/condition/variant).

    Args:
        folder: with the files of a run.
        backend: what computes; see :class:`spikeloc.networks.network.LocalisationNetwork`.

    Raises:
        InputError: the folder or its weight file is missing, or the file is truncated, altered or
            not one of a run; the message names it.
    """
    if not Path(folder).is_dir():
        raise InputError(f"{folder}: no such folder")
    path = Path(folder) / RUN_FILES["weights"]
    metadata, arrays = read_weights(path)
    try:
        told = RunMetadata.model_validate(metadata)
    except ValidationError as error:
        raise InputError(f"{path}: {first_problem(error)}") from None
    parameters = told.parameters
    shapes = weight_shapes(parameters.network, parameters.stimulus.inputs)
    if arrays.keys() != shapes.keys():
        raise InputError(f"{path}: has the layers {shown([*arrays])}, not {[*shapes]}")
    for name, shape in shapes.items():
        if arrays[name].shape != (len(told.seeds), *shape):
            raise InputError(f"{path}: {name} is not (networks, {shape[0]}, {shape[1]})")
    if (found := not_finite(arrays)) != told.not_finite:
        networks = f"{shown(found)}, not {shown(told.not_finite)}"
        raise InputError(f"{path}: NaN or infinite weights in the networks at {networks}")
    weights = {name: torch.from_numpy(array) for name, array in arrays.items()}
    network = build_network(
        parameters.network, parameters.stimulus, told.network_ids, backend, weights
    )
    return LoadedRun(parameters, network)


def weight_shapes(network: NetworkParameters, inputs: int) -> dict[str, tuple[int, int]]:
    """Shape of every tensor of a weight file for one network, by name."""
    if network.model == "membrane_only":
        return {"w1": (inputs, network.outputs)}
    w1, w2 = (inputs, network.hidden_units), (network.hidden_units, network.outputs)
    parts = {
        f"{name}_{part}": shape
        for name, layer, whole in (("w1", network.w1, w1), ("w2", network.w2, w2))
        for part, shape in part_shapes(layer, whole).items()
    }
    return {"w1": w1, "w2": w2} | parts


def common_stimulus(runs: Sequence[LoadedRun]) -> StimulusParameters:
    """The stimulus of runs that are tested on the same data.

    Raises:
        ValueError: the runs are not of one stimulus.
    """
    stimulus = runs[0].parameters.stimulus
    if any(run.parameters.stimulus != stimulus for run in runs):
        raise ValueError("runs of several stimuli cannot be tested on the same data")
    return stimulus

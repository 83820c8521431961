"""Trained networks read from their files, ready to run on any spikes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import ValidationError

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import (
    Backend,
    NetworkParameters,
    RunParameters,
    StimulusParameters,
)
from spikeloc.io.errors import InputError, first_problem
from spikeloc.io.files import RUN_FILES
from spikeloc.io.weight_files import read_weights
from spikeloc.networks.ensemble_data import UNPACKED_SAMPLES
from spikeloc.networks.membrane_only import build_network
from spikeloc.networks.network import LocalisationNetwork, NetworkOutput
from spikeloc.networks.signs import part_shapes
from spikeloc.stimulus.spike_trains import SpikeTrains


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
        InputError: the weight file is missing, truncated, altered or not one of a run; the message
            names it.
    """
    path = Path(folder) / RUN_FILES["weights"]
    metadata, arrays = read_weights(path)
    try:
        parameters = RunParameters.model_validate(metadata.get("parameters"))
    except ValidationError as error:
        raise InputError(f"{path}: {first_problem(error)}") from None
    seeds, networks = metadata.get("seeds", []), metadata.get("networks", [])
    if len(seeds) != len(networks):
        raise InputError(f"{path}: has {len(seeds)} seeds but {len(networks)} networks")
    for name, shape in weight_shapes(parameters.network, parameters.stimulus.inputs).items():
        if name not in arrays or arrays[name].shape != (len(seeds), *shape):
            raise InputError(f"{path}: {name} is not (networks, {shape[0]}, {shape[1]})")
    weights = {name: torch.from_numpy(array) for name, array in arrays.items()}
    network_ids = [NetworkId(*each) for each in zip(seeds, networks, strict=True)]
    stimulus = parameters.stimulus
    network = build_network(parameters.network, stimulus, network_ids, backend, weights)
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

"""Trained networks read from their files, ready to run on any spikes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import ValidationError
from torch import Tensor

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import RunParameters, StimulusParameters
from spikeloc.io.errors import InputError, first_problem
from spikeloc.io.files import RUN_FILES
from spikeloc.io.weight_files import read_weights
from spikeloc.networks.batches import UNPACKED_SAMPLES, unpack_bits
from spikeloc.networks.forward import NetworkOutput, reference_forward
from spikeloc.networks.noise import hidden_noise
from spikeloc.networks.weights import Weights, weight_shapes
from spikeloc.stimulus.spike_trains import SpikeTrains


@dataclass(frozen=True)
class LoadedRun:
    """A trained ensemble: its parameters, the seed and number of each network, and its weights."""

    parameters: RunParameters
    network_ids: list[NetworkId]
    weights: Weights

    @property
    def seeds(self) -> list[int]:
        """Each network's seed."""
        return [network_id.seed for network_id in self.network_ids]

    def __call__(self, spikes: SpikeTrains) -> NetworkOutput:
        """Run every network on the same spikes, in plain torch on the CPU.

        Args:
            spikes: of as many fibres as the networks have inputs.

        Returns:
            Logits (networks, samples, outputs), hidden spikes and their counts.

        Raises:
            ValueError: the spikes are of another number of fibres.
        """
        inputs = self.parameters.stimulus.inputs
        if spikes.fibres != inputs:
            raise ValueError(f"networks of {inputs} inputs were given {spikes.fibres} fibres")
        samples = torch.split(torch.from_numpy(spikes.bits), UNPACKED_SAMPLES)
        outputs = [self._run_batch(bits) for bits in samples]
        counts = [each.hidden_counts for each in outputs if each.hidden_counts is not None]
        hidden = [each.hidden_spikes for each in outputs if each.hidden_spikes is not None]
        return NetworkOutput(
            torch.cat([each.logits for each in outputs], dim=1),
            torch.cat(counts, dim=1) if counts else None,
            torch.cat(hidden, dim=1) if hidden else None,
        )

    @torch.no_grad()
    def _run_batch(self, bits: Tensor) -> NetworkOutput:
        networks = len(self.network_ids)
        spikes = unpack_bits(bits, self.parameters.stimulus.inputs)
        noise = hidden_noise(bits[None].expand(networks, *bits.shape), self.parameters)
        spikes = spikes.expand(networks, *spikes.shape).contiguous()
        return reference_forward(self.weights, spikes, self.parameters, noise)


def load_run(folder: str | Path) -> LoadedRun:
    """The trained networks of a folder below ``results/runs`` (experiment/condition/variant).

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
    layers = {name: torch.from_numpy(array) for name, array in arrays.items()}
    network_ids = [NetworkId(*each) for each in zip(seeds, networks, strict=True)]
    return LoadedRun(parameters, network_ids, Weights.from_layers(layers))


def common_stimulus(runs: Sequence[LoadedRun]) -> StimulusParameters:
    """The stimulus of runs that are tested on the same data.

    Raises:
        ValueError: the runs are not of one stimulus.
    """
    stimulus = runs[0].parameters.stimulus
    if any(run.parameters.stimulus != stimulus for run in runs):
        raise ValueError("runs of several stimuli cannot be tested on the same data")
    return stimulus

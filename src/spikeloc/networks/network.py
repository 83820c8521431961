"""An ensemble of networks: weights whose first axis is the network, the forward pass and the readout.

Plain torch, the same on any device: this reference defines what is right (spec section 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from spikeloc.config.network_ids import stream_name
from spikeloc.config.parameters import NetworkParameters, RunParameters
from spikeloc.io.randomness import uniform
from spikeloc.networks.neuron import (
    decay,
    integrator_step,
    integrator_sum_weights,
    lif_start,
    lif_step,
)
from spikeloc.networks.signs.dann import divided, part_shapes


@dataclass(frozen=True)
class Weights:
    """Weights of an ensemble, float32.

    ``w1`` (networks, inputs, hidden) and ``w2`` (networks, hidden, classes); a membrane-only
    network has ``w1`` (networks, inputs, classes) alone. ``parts``: what a layer with interneurons
    consists of, each (networks, ..., ...), named after layer and part ("w1_ex").
    """

    w1: Tensor
    w2: Tensor | None
    parts: Mapping[str, Tensor] = field(default_factory=dict, kw_only=True)

    @classmethod
    def of_layers(cls, layers: Mapping[str, Tensor]) -> "Weights":
        """From what :meth:`layers` gives."""
        parts = {name: part for name, part in layers.items() if name not in {"w1", "w2"}}
        return cls(layers["w1"], layers.get("w2"), parts=parts)

    def layers(self) -> dict[str, Tensor]:
        """The matrices there are, by name."""
        return {"w1": self.w1, **({} if self.w2 is None else {"w2": self.w2}), **self.parts}


@dataclass(frozen=True)
class Activity:
    """What an ensemble did with a batch: ``logits`` (networks, samples, classes) and the hidden spikes
    (networks, samples, steps, hidden), None if there is no hidden layer."""

    logits: Tensor
    hidden_spikes: Tensor | None


def layer_shapes(network: NetworkParameters, inputs: int) -> dict[str, tuple[int, int]]:
    """(presynaptic, postsynaptic) units of each weight matrix."""
    if network.model == "membrane_only":
        return {"w1": (inputs, network.outputs)}
    return {
        "w1": (inputs, network.hidden_units),
        "w2": (network.hidden_units, network.outputs),
    }


def weight_shapes(network: NetworkParameters, inputs: int) -> dict[str, tuple[int, int]]:
    """Shape of everything that :meth:`Weights.layers` gives, but for the networks."""
    shapes = layer_shapes(network, inputs)
    if network.model == "membrane_only":
        return shapes
    parts = {
        f"{name}_{part}": shape
        for name, layer in (("w1", network.w1), ("w2", network.w2))
        for part, shape in part_shapes(layer, shapes[name]).items()
    }
    return shapes | parts


def initial_weight(name: str, shape: tuple[int, int], seed: int, network: int = 1) -> Tensor:
    """Uniform in +-1/sqrt(columns), float32 ``shape``: the notebooks' fan-in (spec section 3)."""
    purpose = stream_name(f"weights/{name}", network)
    drawn = 2 * uniform(seed, purpose, shape[0] * shape[1]) - 1
    return torch.tensor(drawn.reshape(shape) / np.sqrt(shape[1]), dtype=torch.float32)


def unpack_bits(bits: Tensor, fibres: int) -> Tensor:
    """Spikes as 0. or 1., float32 (..., fibres), from uint8 (..., bytes) on the same device."""
    value, place = (torch.arange(n, device=bits.device) for n in (256, 8))
    spikes_of = ((value[:, None] >> place) & 1).to(torch.float32)  # twice as fast as shifting all
    spikes = spikes_of.index_select(0, bits.flatten().int())
    return spikes.view(*bits.shape[:-1], -1)[..., :fibres]


def forward(
    weights: Weights, spikes: Tensor, run: RunParameters, noise: Tensor | None = None
) -> Activity:
    """Run an ensemble on input spikes (networks, samples, steps, inputs), float32.

    noise: into hidden units, (networks, samples, driven steps, hidden); see
    :func:`spikeloc.networks.noise.hidden_noise`.
    """
    networks, samples, steps, inputs = spikes.shape
    alpha = decay(run.network.tau_ms, run.stimulus.time_step_ms)
    scale = readout_weights(run.network.logit_scale, steps, alpha)
    scale = scale.to(spikes.dtype).to(spikes.device)
    if weights.w2 is None:
        return Activity(sum_over_time(spikes, scale) @ weights.w1, None)
    drive = hidden_drive(weights, spikes.view(networks, samples * steps, inputs), run)
    drive = drive.view(networks, samples, steps, -1)
    if noise is not None:  # later steps cannot reach a spike
        drive = torch.cat([drive[:, :, : noise.shape[2]] + noise, drive[:, :, noise.shape[2] :]], 2)
    hidden = _hidden_spikes(drive, run, alpha)
    return Activity(sum_over_time(hidden, scale) @ weights.w2, hidden)


def hidden_drive(weights: Weights, spikes: Tensor, run: RunParameters) -> Tensor:
    """Of hidden units (networks, time steps, hidden), by spikes (networks, time steps, inputs)."""
    if not run.network.divides:
        return torch.bmm(spikes, weights.w1)
    first_layer = {name.removeprefix("w1_"): part for name, part in weights.parts.items()}
    return divided(weights.w1, spikes, first_layer)


@lru_cache(maxsize=8)
def readout_weights(logit_scale: float, steps: int, alpha: float) -> Tensor:
    """What a spike at each time step adds to the logits per unit of W2, float64 (steps,)."""
    return logit_scale * integrator_sum_weights(steps, alpha)


def _hidden_spikes(drive: Tensor, run: RunParameters, alpha: float) -> Tensor:
    slope, shape = run.network.surrogate_slope, run.network.surrogate
    state = lif_start(drive[:, :, 0])
    spikes = [state.spikes]
    for step_drive in drive.unbind(2)[:-1]:
        state = lif_step(step_drive, state, alpha, slope, shape)
        spikes.append(state.spikes)
    return torch.stack(spikes, dim=2)


def sum_over_time(spikes: Tensor, scale: Tensor) -> Tensor:
    """Spikes (networks, samples, steps, units) weighted by time, (networks, samples, units)."""
    return (spikes * scale[:, None]).sum(2)


def output_potentials(weights: Weights, activity: Activity, run: RunParameters) -> Tensor:
    """Readout potentials o (networks, samples, steps, classes), step by step: for traces.

    Raises:
        ValueError: the network has no hidden layer.
    """
    if weights.w2 is None or activity.hidden_spikes is None:
        raise ValueError("a membrane-only network has no hidden spikes to read out")
    alpha = decay(run.network.tau_ms, run.stimulus.time_step_ms)
    drive = activity.hidden_spikes @ weights.w2[:, None]
    potential = torch.zeros_like(drive[:, :, 0])
    potentials = [potential]
    for step_drive in drive.unbind(2)[:-1]:
        potential = integrator_step(step_drive, potential, alpha)
        potentials.append(potential)
    return torch.stack(potentials, dim=2)

"""A layer of excitatory units with its own inhibitory interneurons (DANN: Cornford et al. 2021,
"Learning to live with Dale's principle", ICLR): docs/model.md, "Layers with interneurons".

    z = g (W_ex x - W_ei W_ix x) / gamma + b        gamma = (W_ei diag(e^alpha)) W_ix x + epsilon

All inputs are excitatory; only the n_i interneurons inhibit. In our networks:

- x are the input spikes of one time step and z is the drive of the LIF units in that step. The
  interneurons are linear and act within the step, as in the source; they do not spike.
- gamma is computed in each time step. On average about 45 of 200 fibres spike in a step of 1 ms, so
  gamma is not dominated by noise; but it removes the tone's envelope from the drive, so steps with
  few spikes count as much as steps with many. In a step without spikes z = b.
- The interneurons are added to the n_e units of the layer (30 hidden units): the inhibitory
  fraction is ``n_i / (n_e + n_i)``.
- The subtractive variant has no gamma and g, and no b either, because no other network here has
  biases: it is the signed matrix W_ex - W_ei W_ix, which the native core can use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import torch
from torch import Tensor

from spikeloc.config.layers import LayerParameters
from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.networks.signs.constraint import RawParameters, SignConstraint, Step, by_network
from spikeloc.networks.signs.initial import exponential

EPSILON = 1e-8  # as in the authors' code


@dataclass(frozen=True)
class Subtractive(SignConstraint):
    """``z = W_ex x - W_ei W_ix x`` with W_ex, W_ix, W_ei >= 0, clamped after each step.

    Initial W_ex and W_ix are exponential with mean sqrt(1 / 2d) in the first layer, which has d
    inputs, and sqrt(2 pi / (d (2 pi - 1))) in the second (with one interneuron, W_ix is the mean of
    W_ex over the units); W_ei is 1 / n_i. The learning rates of W_ix and W_ei are scaled by
    1 / sqrt(n_e) and 1 / d; scaling gradients instead would have no effect with Adam. The gradient
    at zero is that of a matrix product, so a weight that was clamped can grow again.

    Raw parameters, each with the networks as first axis: ``ex`` (d, n_e), ``ix`` (d, n_i) and
    ``ei`` (n_i, n_e).
    """

    name: str
    interneurons: int
    inputs: int
    units: int
    network_ids: tuple[NetworkId, ...]

    NOT_NEGATIVE: ClassVar[tuple[str, ...]] = ("ex", "ix", "ei")

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        """Only the device of ``drawn`` is used, because DANN has its own initialisation."""
        n_i, n_e = self.interneurons, self.units
        ex = self._exponential("ex", n_e)
        ix = ex.mean(axis=2, keepdims=True) if n_i == 1 else self._exponential("ix", n_i)
        ei = np.full((len(self.network_ids), n_i, n_e), 1 / n_i)
        return {
            name: torch.tensor(value, dtype=torch.float32, device=drawn.device)
            for name, value in (("ex", ex), ("ix", ix), ("ei", ei))
        }

    def _exponential(self, kind: str, units: int) -> np.typing.NDArray[np.float64]:
        d = self.inputs
        mean = (1 / (2 * d) if self.name == "w1" else 2 * np.pi / (d * (2 * np.pi - 1))) ** 0.5
        drawn = [
            exponential(seed, stream_name(f"weights/{self.name}/{kind}", network), (d, units))
            for seed, network in self.network_ids
        ]
        return mean * np.stack(drawn)

    def forward(self, raw: RawParameters) -> Tensor:
        return raw["ex"] - _inhibition(raw["ix"], raw["ei"])

    def step(self, parameter: str) -> Step:
        ix, ei = self.units**-0.5, 1 / self.inputs
        return Step({"ix": ix, "ei": ei, "alpha": ix * ei}.get(parameter, 1.0))

    def after_step(self, raw: RawParameters) -> None:
        for name in self.NOT_NEGATIVE:
            raw[name].clamp_(min=0)

    def parts(self, raw: RawParameters) -> RawParameters:
        return raw

    def select(self, networks: list[int]) -> Self:
        return replace(self, network_ids=tuple(self.network_ids[i] for i in networks))


class Divisive(Subtractive):
    """The whole layer: ``z = g (W_ex x - W_ei W_ix x) / gamma + b``; not in the native core.

    More raw parameters: ``alpha`` (networks, 1, n_i), initially log sqrt((2 pi - 1) / d), with its
    learning rate scaled by 1 / (sqrt(n_e) d); ``gain`` g, initially 1 and not negative, and
    ``bias`` b, initially 0, both (networks, 1, n_e).
    """

    NOT_NEGATIVE: ClassVar[tuple[str, ...]] = ("ex", "ix", "ei", "gain")

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        networks, n_e = len(self.network_ids), self.units
        alpha = 0.5 * np.log((2 * np.pi - 1) / self.inputs)
        return super().right_inverse(drawn) | {
            "alpha": drawn.new_full((networks, 1, self.interneurons), float(alpha)),
            "gain": drawn.new_ones(networks, 1, n_e),
            "bias": drawn.new_zeros(networks, 1, n_e),
        }


def part_shapes(layer: LayerParameters, shape: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """Shape of each raw parameter of a layer (d, n_e) of one network; empty for other methods."""
    if layer.method not in {"dann", "dann_subtractive"}:
        return {}
    (d, n_e), n_i = shape, layer.interneurons(shape[1])
    shapes = {"ex": (d, n_e), "ix": (d, n_i), "ei": (n_i, n_e)}
    if layer.method == "dann_subtractive":
        return shapes
    return shapes | {"alpha": (1, n_i), "gain": (1, n_e), "bias": (1, n_e)}


def divided(weight: Tensor, spikes: Tensor, layer: Mapping[str, Tensor]) -> Tensor:
    """The drive ``z`` of the units, (networks, time steps, n_e).

    Args:
        weight: the signed matrix W_ex - W_ei W_ix, (networks, d, n_e).
        spikes: (networks, time steps, d).
        layer: raw parameters of :class:`Divisive`.
    """
    divisor = _inhibition(layer["ix"] * by_network(torch.exp, layer["alpha"]), layer["ei"])
    products = torch.bmm(spikes, torch.cat([weight, divisor], dim=2))
    drive, gamma = products.chunk(2, dim=2)
    return by_network(_scaled, drive / (gamma + EPSILON), layer["gain"], layer["bias"])


def _inhibition(ix: Tensor, ei: Tensor) -> Tensor:
    """W_ei W_ix of each network, (networks, d, n_e)."""
    if ix.shape[2] == 1:  # BLAS would multiply by a vector, with bits that depend on its address
        return by_network(torch.mul, ix, ei)
    return by_network(torch.mm, ix, ei)


def _scaled(quotient: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
    return gain * quotient + bias

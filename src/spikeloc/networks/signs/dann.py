"""A layer of excitatory units with inhibitory interneurons of its own (DANN: Cornford et al. 2021,
"Learning to live with Dale's principle", ICLR; spec section 7).

    z = g (W_ex x - W_ei W_ix x) / gamma + b        gamma = (W_ei diag(e^alpha)) W_ix x + epsilon

All inputs are excitatory; inhibition is what the n_i interneurons add. What it means here:

- x are the input spikes of one time step and z is the drive of the LIF units in that step. The
  interneurons are linear and act within the step, as in the source; they do not spike.
- gamma is that of the time step too. Some 45 of 200 fibres spike in a step of 1 ms on average, so
  it is no noise; but it cancels the tone's envelope from the drive, and steps with few spikes weigh
  as much as steps with many. In a step without spikes z = b.
- The n_e units are the layer's own (30 hidden ones) and interneurons come on top: the inhibitory
  fraction is ``n_i / (n_e + n_i)``.
- The subtractive variant drops gamma and g, and b too, as no other network here has biases: it is
  the signed matrix W_ex - W_ei W_ix, which the native core takes.
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

    W_ex and W_ix start exponential with mean sqrt(1 / 2d) for the d inputs of the first layer and
    sqrt(2 pi / (d (2 pi - 1))) after it (with one interneuron, W_ix as the mean of W_ex over the
    units), W_ei at 1 / n_i. Steps of W_ix and W_ei are 1 / sqrt(n_e) and 1 / d times the others':
    the steps, since Adam cancels a factor of the gradient. The gradient at zero is that of a
    matrix product: a weight that was clamped can return.

    Parameters: ``ex`` (networks, d, n_e), ``ix`` (networks, d, n_i), ``ei`` (networks, n_i, n_e).
    """

    name: str
    interneurons: int
    inputs: int
    units: int
    network_ids: tuple[NetworkId, ...]

    NOT_NEGATIVE: ClassVar[tuple[str, ...]] = ("ex", "ix", "ei")

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        """``drawn`` gives no more than the device: the initialisation is the method's own."""
        n_i, n_e = self.interneurons, self.units
        ex = self._exponential("ex", n_e)
        ix = ex.mean(axis=2, keepdims=True) if n_i == 1 else self._exponential("ix", n_i)
        ei = np.full((len(self.network_ids), n_i, n_e), 1 / n_i)
        made = {"ex": ex, "ix": ix, "ei": ei}
        return {
            name: torch.tensor(value, dtype=torch.float32, device=drawn.device)
            for name, value in made.items()
        }

    def _exponential(self, kind: str, units: int) -> np.typing.NDArray[np.float64]:
        d = self.inputs
        mean = (1 / (2 * d) if self.name == "w1" else 2 * np.pi / (d * (2 * np.pi - 1))) ** 0.5
        drawn = [
            exponential(seed, stream_name(f"weights/{self.name}/{kind}", network), (d, units))
            for seed, network in self.network_ids
        ]
        return mean * np.stack(drawn)

    def forward(self, theta: RawParameters) -> Tensor:
        return theta["ex"] - _inhibition(theta["ix"], theta["ei"])

    def step(self, parameter: str) -> Step:
        ix, ei = self.units**-0.5, 1 / self.inputs
        return Step({"ix": ix, "ei": ei, "alpha": ix * ei}.get(parameter, 1.0))

    def after_step(self, theta: RawParameters) -> None:
        for name in self.NOT_NEGATIVE:
            theta[name].clamp_(min=0)

    def parts(self, theta: RawParameters) -> RawParameters:
        return theta

    def select(self, networks: list[int]) -> Self:
        return replace(self, network_ids=tuple(self.network_ids[i] for i in networks))


class Divisive(Subtractive):
    """The whole layer: ``z = g (W_ex x - W_ei W_ix x) / gamma + b``, on the reference only.

    Besides, ``alpha`` (networks, 1, n_i) starts at log sqrt((2 pi - 1) / d), with steps of
    1 / (sqrt(n_e) d); ``gain`` g at 1, not negative; ``bias`` b at 0, both (networks, 1, n_e).
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
    """Shape of each parameter of a layer of (d, n_e) for one network; none for other methods."""
    if layer.method not in {"dann", "dann_subtractive"}:
        return {}
    (d, n_e), n_i = shape, layer.interneurons(shape[1])
    shapes = {"ex": (d, n_e), "ix": (d, n_i), "ei": (n_i, n_e)}
    if layer.method == "dann_subtractive":
        return shapes
    return shapes | {"alpha": (1, n_i), "gain": (1, n_e), "bias": (1, n_e)}


def divided(weight: Tensor, spikes: Tensor, layer: Mapping[str, Tensor]) -> Tensor:
    """``z``, the drive of the units (networks, time steps, n_e).

    Args:
        weight: the signed matrix W_ex - W_ei W_ix, (networks, d, n_e).
        spikes: (networks, time steps, d).
        layer: the parameters of :class:`Divisive`.
    """
    divisor = _inhibition(layer["ix"] * by_network(torch.exp, layer["alpha"]), layer["ei"])
    products = torch.bmm(spikes, torch.cat([weight, divisor], dim=2))
    drive, gamma = products.chunk(2, dim=2)
    return by_network(_scaled, drive / (gamma + EPSILON), layer["gain"], layer["bias"])


def _inhibition(ix: Tensor, ei: Tensor) -> Tensor:
    """Through the interneurons (networks, d, n_e)."""
    if ix.shape[2] == 1:  # BLAS would multiply by a vector: bits that depend on its address
        return by_network(torch.mul, ix, ei)
    return by_network(torch.mm, ix, ei)


def _scaled(quotient: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
    return gain * quotient + bias

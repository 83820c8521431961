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

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.parameters import LayerParameters
from spikeloc.io.randomness import exponential
from spikeloc.networks.signs.constraint import SignConstraint, Step, by_network

EPSILON = 1e-8  # as in the authors' code


class Subtractive(SignConstraint):
    """``z = W_ex x - W_ei W_ix x`` with W_ex, W_ix, W_ei >= 0, clamped after each step.

    The raw parameters are ``ex`` (d, n_e), ``ix`` (d, n_i) and ``ei`` (n_i, n_e), d being the
    number of inputs. The learning rates of W_ix and W_ei are scaled by 1 / sqrt(n_e) and 1 / d;
    scaling gradients instead would have no effect with Adam. The gradient at zero is that of a
    matrix product, so a weight that was clamped can grow again.

    Args:
        interneurons: n_i.
        shape: (d, n_e).
    """

    RAW: tuple[str, ...] = ("ex", "ix", "ei")
    NOT_NEGATIVE: tuple[str, ...] = ("ex", "ix", "ei")

    def __init__(self, interneurons: int, shape: tuple[int, int]) -> None:
        super().__init__()
        self.interneurons = interneurons
        self.inputs, self.units = shape

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, ...]:
        """Of all preimages, the one where W_ei is 1 / n_i, and W_ix just large enough for the most
        negative weight of each input."""
        ei = weight.new_full((*weight.shape[:-2], self.interneurons, self.units), 1.0)
        ei /= self.interneurons
        largest = (-weight).clamp(min=0).amax(dim=-1, keepdim=True)
        ix = largest.expand(*weight.shape[:-1], self.interneurons).contiguous()
        return weight + _inhibition(ix, ei), ix, ei

    def initial(self, name: str, network_ids: Sequence[NetworkId]) -> tuple[Tensor, ...]:
        """Raw parameters of an ensemble before training, float32 (networks, ..., ...).

        W_ex and W_ix are exponential with mean sqrt(1 / 2d) in the first layer, "w1", and
        sqrt(2 pi / (d (2 pi - 1))) in the second; with one interneuron, W_ix is the mean of W_ex
        over the units. W_ei is 1 / n_i.
        """
        n_i, n_e, d = self.interneurons, self.units, self.inputs
        mean = (1 / (2 * d) if name == "w1" else 2 * np.pi / (d * (2 * np.pi - 1))) ** 0.5

        def drawn(kind: str, units: int) -> np.typing.NDArray[np.float64]:
            purpose = f"weights/{name}/{kind}"
            each = [
                exponential(seed, stream_name(purpose, network), d * units).reshape(d, units)
                for seed, network in network_ids
            ]
            return mean * np.stack(each)

        ex = drawn("ex", n_e)
        ix = ex.mean(axis=2, keepdims=True) if n_i == 1 else drawn("ix", n_i)
        ei = np.full((len(network_ids), n_i, n_e), 1 / n_i)
        return tuple(torch.tensor(each, dtype=torch.float32) for each in (ex, ix, ei))

    def forward(self, *raw: Tensor) -> Tensor:
        ex, ix, ei = raw[:3]
        return ex - _inhibition(ix, ei)

    def steps(self) -> tuple[Step, ...]:
        return Step(), Step(self.units**-0.5), Step(1 / self.inputs)

    def after_step(self, *raw: Tensor) -> None:
        for name, each in zip(self.RAW, raw, strict=True):
            if name in self.NOT_NEGATIVE:
                each.clamp_(min=0)


class Divisive(Subtractive):
    """The whole layer: ``z = g (W_ex x - W_ei W_ix x) / gamma + b``; its weight is the matrix W_ex
    - W_ei W_ix, :meth:`drive` gives z.

    More raw parameters: ``alpha`` (1, n_i), initially log sqrt((2 pi - 1) / d), with its learning
    rate scaled by 1 / (sqrt(n_e) d); ``gain`` g, initially 1 and not negative, and ``bias`` b,
    initially 0, both (1, n_e).
    """

    RAW = (*Subtractive.RAW, "alpha", "gain", "bias")
    NOT_NEGATIVE = (*Subtractive.NOT_NEGATIVE, "gain")

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, ...]:
        """As without division; the others have their initial values."""
        return *super().right_inverse(weight), *self._divisor(weight.shape[:-2])

    def initial(self, name: str, network_ids: Sequence[NetworkId]) -> tuple[Tensor, ...]:
        return *super().initial(name, network_ids), *self._divisor((len(network_ids),))

    def _divisor(self, networks: Sequence[int]) -> tuple[Tensor, ...]:
        alpha = 0.5 * np.log((2 * np.pi - 1) / self.inputs)
        return (
            torch.full((*networks, 1, self.interneurons), float(alpha)),
            torch.ones(*networks, 1, self.units),
            torch.zeros(*networks, 1, self.units),
        )

    def steps(self) -> tuple[Step, ...]:
        ix, ei = self.units**-0.5, 1 / self.inputs
        return *super().steps(), Step(ix * ei), Step(), Step()

    def divisor(self, *raw: Tensor) -> Tensor:
        """The matrix W_ei diag(e^alpha) W_ix of each network, (networks, d, n_e)."""
        _, ix, ei, alpha, *_ = raw
        return _inhibition(ix * by_network(torch.exp, alpha), ei)

    def drive(self, spikes: Tensor, raw: Sequence[Tensor]) -> Tensor:
        """The drive ``z`` of the units, (networks, time steps, n_e), by ``spikes`` (networks, time
        steps, d), with raw parameters (networks, ..., ...)."""
        *_, gain, bias = raw
        products = torch.bmm(spikes, torch.cat([self(*raw), self.divisor(*raw)], dim=2))
        drive, gamma = products.chunk(2, dim=2)
        return by_network(_scaled, drive / (gamma + EPSILON), gain, bias)


def part_shapes(layer: LayerParameters, shape: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """Shape of each raw parameter of a layer (d, n_e) of one network; empty for other methods."""
    if layer.method not in {"dann", "dann_subtractive"}:
        return {}
    (d, n_e), n_i = shape, layer.interneurons(shape[1])
    shapes = {"ex": (d, n_e), "ix": (d, n_i), "ei": (n_i, n_e)}
    if layer.method == "dann_subtractive":
        return shapes
    return shapes | {"alpha": (1, n_i), "gain": (1, n_e), "bias": (1, n_e)}


def _inhibition(ix: Tensor, ei: Tensor) -> Tensor:
    """W_ei W_ix of each network, (networks, d, n_e)."""
    if ix.shape[-1] == 1:  # BLAS would multiply by a vector, with bits that depend on its address
        return by_network(torch.mul, ix, ei)
    return by_network(torch.mm, ix, ei)


def _scaled(quotient: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
    return gain * quotient + bias

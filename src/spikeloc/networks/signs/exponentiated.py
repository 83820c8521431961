"""Exponentiated gradient: weights are multiplied, never added to (Cornford et al. 2024,
"Brain-like learning with exponentiated gradients")."""

from typing import Any

import torch
from torch import Tensor

from spikeloc.networks.signs.constraint import RawParameters, Signed, Step, by_network


class _Exponential(torch.autograd.Function):
    """``e^theta`` forward; backward the gradient of the weight itself, not times the weight."""

    @staticmethod
    def forward(ctx: Any, theta: Tensor) -> Tensor:  # noqa: ARG004
        return by_network(torch.exp, theta)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:  # noqa: ARG004
        return gradients[0]


class Exponentiated(Signed):
    """``w <- w exp(-eta sign(w) m / (sqrt(v) + epsilon))``, m and v Adam's moments of dL/dw.

    The same is Adam on ``theta = log |w|`` that is given ``sign dL/dw`` for a gradient. Signs
    cannot flip; a weight of zero stays zero.
    """

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        return {"theta": by_network(torch.log, drawn.abs())}

    def forward(self, theta: RawParameters) -> Tensor:
        magnitude: Tensor = _Exponential.apply(theta["theta"])  # type: ignore[no-untyped-call]
        return magnitude * self.sign


class ExponentiatedPlain(Exponentiated):
    """``w <- w exp(-eta sign(w) dL/dw)``: without Adam."""

    def step(self, parameter: str) -> Step:
        return Step(adam=False)

"""Exponentiated gradient: updates multiply the weights (Cornford et al. 2024, "Brain-like learning
with exponentiated gradients"). See docs/model.md, "Sign constraints".
"""

from typing import Any

import torch
from torch import Tensor

from spikeloc.networks.signs.constraint import Signed, Step, by_network


class _Exponential(torch.autograd.Function):
    """``e^raw`` in the forward pass; backward passes on dL/dw without the factor w."""

    @staticmethod
    def forward(ctx: Any, raw: Tensor) -> Tensor:  # noqa: ARG004
        return by_network(torch.exp, raw)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:  # noqa: ARG004
        return gradients[0]


class Exponentiated(Signed):
    """``w <- w exp(-eta sign(w) m / (sqrt(v) + epsilon))``, m and v Adam's moments of dL/dw.

    It is computed as Adam on ``raw = log |w|`` with ``sign dL/dw`` as its gradient. Signs cannot
    flip; a weight of zero stays zero.
    """

    def right_inverse(self, weight: Tensor) -> Tensor:
        """``log |w|``; minus infinity for a weight of zero."""
        return by_network(torch.log, weight.abs())

    def forward(self, raw: Tensor) -> Tensor:
        magnitude: Tensor = _Exponential.apply(raw)  # type: ignore[no-untyped-call]
        return magnitude * self.sign


class ExponentiatedPlain(Exponentiated):
    """``w <- w exp(-eta sign(w) dL/dw)``: with plain gradient descent instead of Adam."""

    def steps(self) -> tuple[Step, ...]:
        return (Step(adam=False),)

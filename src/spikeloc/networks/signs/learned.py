"""Signs that are trained, from the notebooks' list of future work.

Source: docs/model.md, "Sign constraints".
"""

from typing import Any

import torch
from torch import Tensor

from spikeloc.networks.signs.constraint import Signed, Step

# from 0.5 few units change sign; from 0.02 all inputs become inhibitory before they learn anything
INITIAL_LATENT = 0.1


class _Sign(torch.autograd.Function):
    """+1 for latent >= 0, else -1; the backward pass is that of the identity."""

    @staticmethod
    def forward(ctx: Any, latent: Tensor) -> Tensor:  # noqa: ARG004
        return torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:  # noqa: ARG004
        return gradients[0]


class LearnedSigns(Signed):
    """``w = |raw| sgn(latent)`` with one ``latent`` for each presynaptic unit.

    The latent of a unit is initially a tenth of its ``sign``, so that training starts from the same
    weights as with ``abs``. Its gradient is the straight-through one, ``sum_j |raw_j| dL/dw_j``
    (Bengio, Leonard & Courville 2013, arXiv 1308.3432), and it is kept within [-1, 1] (Courbariaux,
    Bengio & David 2015, arXiv 1511.00363). Signs are strict at every step, not only at the end.
    """

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """The weight itself as ``raw``, and a tenth of ``sign`` as ``latent``."""
        return weight, INITIAL_LATENT * self.sign

    def forward(self, raw: Tensor, latent: Tensor) -> Tensor:
        sign: Tensor = _Sign.apply(latent)  # type: ignore[no-untyped-call]
        return raw.abs() * sign

    def steps(self) -> tuple[Step, ...]:
        return (Step(), Step())

    def after_step(self, *raw: Tensor) -> None:
        raw[1].clamp_(-1, 1)

"""Signs that are trained too, the notebooks' list of future work."""

from typing import Any

import torch
from torch import Tensor

from spikeloc.networks.signs.constraint import RawParameters, Signed

# a start of 0.5 lets few units turn; at 0.02 all inputs turn inhibitory before they learn anything
START = 0.1


class _Sign(torch.autograd.Function):
    """+1 from 0 on and -1 below; backward as if it were the identity."""

    @staticmethod
    def forward(ctx: Any, latent: Tensor) -> Tensor:  # noqa: ARG004
        return torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:  # noqa: ARG004
        return gradients[0]


class LearnedSigns(Signed):
    """``w = |theta| sgn(latent)`` with one ``latent`` per presynaptic unit.

    The latent of a unit starts at a tenth of its ``sign``: the network starts as under ``abs``. Its
    gradient is the straight-through one, ``sum_j |theta_j| dL/dw_j`` (Bengio, Leonard &
    Courville 2013, arXiv 1308.3432), and it is kept within [-1, 1] (Courbariaux, Bengio & David
    2015, arXiv 1511.00363). Signs are strict at every step, not only at the end.
    """

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        return {"theta": drawn, "latent": START * self.sign}

    def forward(self, theta: RawParameters) -> Tensor:
        sign: Tensor = _Sign.apply(theta["latent"])  # type: ignore[no-untyped-call]
        return theta["theta"].abs() * sign

    def after_step(self, theta: RawParameters) -> None:
        theta["latent"].clamp_(-1, 1)

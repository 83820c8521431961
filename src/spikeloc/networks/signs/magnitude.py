"""Signs kept by a function from the parameter to the magnitude: ``w = f(theta) sign``.

Song, Yang & Wang 2016 (doi 10.1371/journal.pcbi.1004792) train rate networks in this way.
"""

import torch
from torch import Tensor
from torch.nn.functional import softplus

from spikeloc.networks.signs.constraint import RawParameters, Signed, by_network


class Absolute(Signed):
    """``w = |theta| sign``, as in the notebooks; dw/dtheta = 0 at theta = 0.

    A step beyond zero is reflected.
    """

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        return {"theta": drawn}

    def forward(self, theta: RawParameters) -> Tensor:
        return theta["theta"].abs() * self.sign


class AbsoluteSloped(Absolute):
    """``w = |theta| sign``, but with dw/dtheta = sign at theta = 0: the notebooks' own proposal."""

    def forward(self, theta: RawParameters) -> Tensor:
        value = theta["theta"]
        return torch.where(value >= 0, value, -value) * self.sign


class Rectified(Signed):
    """``w = max(theta, 0) sign`` (Song, Yang & Wang 2016); dw/dtheta = 0 at and below 0.

    A weight that has reached zero is moved only by what is left of Adam's momentum.
    """

    def forward(self, theta: RawParameters) -> Tensor:
        return theta["theta"].relu() * self.sign


class Softplus(Signed):
    """``w = log(1 + e^theta) sign``, from ``theta = log(e^|w| - 1)``.

    dw/dtheta = (1 - e^-|w|) sign: it vanishes with w, which never gets to zero.
    """

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        return {"theta": by_network(lambda each: each.abs().expm1().log(), drawn)}

    def forward(self, theta: RawParameters) -> Tensor:
        return by_network(softplus, theta["theta"]) * self.sign


class Projected(Signed):
    """``w = theta sign``; after each step a weight of the wrong sign is set to zero.

    dw/dtheta = sign everywhere, so that a weight at zero can return (projected gradient descent).
    """

    def forward(self, theta: RawParameters) -> Tensor:
        return theta["theta"] * self.sign

    def after_step(self, theta: RawParameters) -> None:
        theta["theta"].clamp_(min=0)

"""Sign constraints by a function from the raw parameter to the magnitude: ``w = f(raw) sign``.

Song, Yang & Wang 2016 (doi 10.1371/journal.pcbi.1004792) train rate networks in this way. See
docs/model.md, "Sign constraints".
"""

import torch
from torch import Tensor
from torch.nn.functional import softplus

from spikeloc.networks.signs.constraint import Signed, by_network


class Absolute(Signed):
    """``w = |raw| sign``, as in the notebooks; dw/d(raw) = 0 at raw = 0.

    A step across zero is reflected.
    """

    def right_inverse(self, weight: Tensor) -> Tensor:
        """The weight itself: of its two preimages, the one with its own sign."""
        return weight

    def forward(self, raw: Tensor) -> Tensor:
        return raw.abs() * self.sign


class AbsoluteSloped(Signed):
    """``w = |raw| sign``, but with dw/d(raw) = sign at raw = 0, as the notebooks propose."""

    def right_inverse(self, weight: Tensor) -> Tensor:
        """The weight itself: of its two preimages, the one with its own sign."""
        return weight

    def forward(self, raw: Tensor) -> Tensor:
        return torch.where(raw >= 0, raw, -raw) * self.sign


class Rectified(Signed):
    """``w = max(raw, 0) sign`` (Song, Yang & Wang 2016); dw/d(raw) = 0 for raw <= 0.

    A weight that has reached zero is moved only by the rest of Adam's momentum.
    """

    def right_inverse(self, weight: Tensor) -> Tensor:
        """The magnitudes: of all preimages of a weight of zero, zero."""
        return weight.abs()

    def forward(self, raw: Tensor) -> Tensor:
        return raw.relu() * self.sign


class Softplus(Signed):
    """``w = log(1 + e^raw) sign``, initially ``raw = log(e^|w| - 1)``.

    dw/d(raw) = (1 - e^-|w|) sign vanishes with w, so w never reaches zero.
    """

    def right_inverse(self, weight: Tensor) -> Tensor:
        """``log(e^|w| - 1)``; minus infinity for a weight of zero."""
        return by_network(lambda each: each.abs().expm1().log(), weight)

    def forward(self, raw: Tensor) -> Tensor:
        return by_network(softplus, raw) * self.sign


class Projected(Signed):
    """``w = raw sign``; after each step a weight of the wrong sign is set to zero.

    dw/d(raw) = sign everywhere, so a weight at zero can grow again (projected gradient descent).
    """

    def right_inverse(self, weight: Tensor) -> Tensor:
        """The magnitudes."""
        return weight.abs()

    def forward(self, raw: Tensor) -> Tensor:
        return raw * self.sign

    def after_step(self, *raw: Tensor) -> None:
        raw[0].clamp_(min=0)

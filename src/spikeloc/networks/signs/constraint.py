"""What every way of keeping signs has to offer (spec section 7)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

RawParameters = dict[str, Tensor]


@dataclass(frozen=True)
class Step:
    """How a parameter is trained: by Adam or plain gradient descent, at ``scale`` times the
    learning rate."""

    scale: float = 1.0
    adam: bool = True


def by_network(function: Callable[..., Tensor], *ensembles: Tensor) -> Tensor:
    """What a function makes of each network alone, as an ensemble.

    For functions whose last bits depend on how many numbers they are given at once.
    """
    return torch.stack([function(*each) for each in zip(*ensembles, strict=True)])


class SignConstraint:
    """Between the trained parameters of a layer and its weight.

    The parameters ``theta`` are tensors by name, each (networks, ...). A layer of one parameter
    calls it "theta", shaped like the weight: (networks, presynaptic, postsynaptic).
    """

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        """Parameters to begin with, whose weight has the magnitude of the ``drawn`` one."""
        return {"theta": drawn.abs()}

    def forward(self, theta: RawParameters) -> Tensor:
        """The signed weight (networks, presynaptic, postsynaptic) that parameters stand for."""
        raise NotImplementedError

    def step(self, parameter: str) -> Step:
        """How one of the parameters is trained."""
        return Step()

    def after_step(self, theta: RawParameters) -> None:
        """Put right in place what a step has made wrong.

        Networks that are trained no further are here too: what is right stays as it is.
        """

    def parts(self, theta: RawParameters) -> RawParameters:
        """What must be kept beside the weight, by name."""
        return {}

    def select(self, networks: list[int]) -> Self:
        """The same for some networks of the ensemble."""
        return self


class Free(SignConstraint):
    """``w = theta``: any sign."""

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        return {"theta": drawn}

    def forward(self, theta: RawParameters) -> Tensor:
        return theta["theta"]


@dataclass(frozen=True)
class Signed(SignConstraint):
    """Fixed signs. ``sign``: +1 or -1 (networks, presynaptic, 1 or postsynaptic)."""

    sign: Tensor

    def select(self, networks: list[int]) -> Self:
        return replace(self, sign=self.sign[networks])

"""The interface of all sign constraints: docs/model.md, "Sign constraints".

Not :mod:`torch.nn.utils.parametrize`, whose parametrizations have no part in the optimiser's step.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

RawParameters = dict[str, Tensor]


@dataclass(frozen=True)
class Step:
    """How a raw parameter is trained: by Adam or by plain gradient descent, with ``scale`` times
    the learning rate."""

    scale: float = 1.0
    adam: bool = True


def by_network(function: Callable[..., Tensor], *ensembles: Tensor) -> Tensor:
    """Apply a function to each network alone; arguments and result are (networks, ...).

    For functions whose last bits depend on how many numbers they are given at once.
    """
    return torch.stack([function(*each) for each in zip(*ensembles, strict=True)])


class SignConstraint:
    """From the raw parameters of a layer, which are trained, to its weight.

    Raw parameters are tensors by name, each (networks, ...). Where there is one for each weight, it
    is called "raw" and has the shape of the weight: (networks, presynaptic, postsynaptic).
    """

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        """Initial raw parameters; their weight has the magnitudes of ``drawn``, shaped like it."""
        return {"raw": drawn.abs()}

    def forward(self, raw: RawParameters) -> Tensor:
        """The signed weight (networks, presynaptic, postsynaptic) of raw parameters."""
        raise NotImplementedError

    def step(self, parameter: str) -> Step:
        """How the raw parameter of this name is trained."""
        return Step()

    def after_step(self, raw: RawParameters) -> None:
        """Restore, in place, what a step of the optimiser may have violated.

        It is also given networks whose training has ended, so valid values must not change.
        """

    def parts(self, raw: RawParameters) -> RawParameters:
        """Tensors to be kept beside the weight, by name."""
        return {}

    def select(self, networks: list[int]) -> Self:
        """The same constraint for some networks of the ensemble."""
        return self


class Free(SignConstraint):
    """``w = raw``: any sign."""

    def right_inverse(self, drawn: Tensor) -> RawParameters:
        return {"raw": drawn}

    def forward(self, raw: RawParameters) -> Tensor:
        return raw["raw"]


@dataclass(frozen=True)
class Signed(SignConstraint):
    """Fixed signs. ``sign``: +1 or -1, (networks, presynaptic, 1 or postsynaptic)."""

    sign: Tensor

    def select(self, networks: list[int]) -> Self:
        return replace(self, sign=self.sign[networks])

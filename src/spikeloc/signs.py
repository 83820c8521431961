"""How weights get their sign (spec section 3).

A constraint turns the trained parameter theta of a layer into the effective weight. Dale's
principle: all weights of a presynaptic unit (an input fibre for W1, a hidden unit for W2) have its
sign, so signs are per row.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from spikeloc.members import Member, of_network
from spikeloc.parameters import LayerParameters
from spikeloc.randomness import permutation


class SignConstraint(Protocol):
    """What a way of keeping signs has to offer."""

    def effective(self, theta: Tensor) -> Tensor:
        """Effective weight of the trained parameter, both (networks, presynaptic, postsynaptic)."""

    def select(self, networks: list[int]) -> "SignConstraint":
        """The same for some networks of the stack."""


@dataclass(frozen=True)
class Free:
    """``w = theta``: any sign."""

    def effective(self, theta: Tensor) -> Tensor:
        return theta

    def select(self, networks: list[int]) -> "Free":
        return self


@dataclass(frozen=True)
class Absolute:
    """``w = |theta| sign``, as in the notebooks; zero gradient at theta = 0.

    ``sign``: +1 or -1 (networks, presynaptic, 1).
    """

    sign: Tensor

    def effective(self, theta: Tensor) -> Tensor:
        return theta.abs() * self.sign

    def select(self, networks: list[int]) -> "Absolute":
        return Absolute(self.sign[networks])


def presynaptic_signs(
    layer: LayerParameters, name: str, units: int, seed: int, network: int = 1
) -> npt.NDArray[np.int8]:
    """Sign of each presynaptic unit of the layer ``name`` ("w1", "w2"), (units,).

    ``units * inhibitory_fraction`` of them, rounded half up, are -1. Who they are is the head of
    one permutation per network and layer, so the inhibitory units at a smaller fraction are among
    those at a larger one.
    """
    signs = np.ones(units, dtype=np.int8)
    if layer.signs == "dale":
        # 1e-9: a product such as 15 * 0.3 must not fall under its half by rounding
        inhibitory = math.floor(units * layer.inhibitory_fraction + 0.5 + 1e-9)
        order = permutation(seed, of_network(f"signs/{name}", network), units)
        signs[order[:inhibitory]] = -1
    return signs


def make_constraint(
    layer: LayerParameters, name: str, units: int, members: Sequence[Member], device: torch.device
) -> SignConstraint:
    """The constraint of a layer for a stack of networks."""
    if layer.signs == "free":
        return Free()
    signs = np.stack([presynaptic_signs(layer, name, units, *member) for member in members])
    return Absolute(torch.tensor(signs, dtype=torch.float32, device=device)[:, :, None])

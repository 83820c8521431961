"""How weights get their sign (spec sections 3 and 7).

Dale's principle: all weights of a presynaptic unit (an input fibre for W1, a hidden unit for W2)
have its sign. A constraint turns the trained parameters of a layer into its effective weight. To
add one, write its class and name it here and in :class:`spikeloc.layers.LayerParameters`.
"""

from collections.abc import Sequence

import torch

from spikeloc.layers import LayerParameters
from spikeloc.members import Member
from spikeloc.signs.constraint import Free, SignConstraint, Signed, Step, Theta
from spikeloc.signs.dann import Divisive, Subtractive
from spikeloc.signs.exponentiated import Exponentiated, ExponentiatedPlain
from spikeloc.signs.initial import initialise
from spikeloc.signs.layout import presynaptic_signs, stacked_signs
from spikeloc.signs.learned import Learned
from spikeloc.signs.magnitude import Absolute, AbsoluteSloped, Projected, Rectified, Softplus

__all__ = [
    "BY_SIGN",
    "DANN",
    "SignConstraint",
    "Step",
    "Theta",
    "initialise",
    "make_constraint",
    "presynaptic_signs",
]

BY_SIGN: dict[str, type[Signed]] = {
    "abs": Absolute,
    "abs_sloped": AbsoluteSloped,
    "relu": Rectified,
    "softplus": Softplus,
    "projected": Projected,
    "exponentiated": Exponentiated,
    "exponentiated_plain": ExponentiatedPlain,
    "learned": Learned,
}
DANN: dict[str, type[Subtractive]] = {"dann": Divisive, "dann_subtractive": Subtractive}


def make_constraint(
    layer: LayerParameters,
    name: str,
    shape: tuple[int, int],
    members: Sequence[Member],
    device: torch.device,
) -> SignConstraint:
    """The constraint of the layer ``name`` ("w1", "w2") for a stack of networks.

    ``shape``: (presynaptic, postsynaptic) units.
    """
    if layer.signs == "free":
        return Free()
    if layer.method in DANN:
        interneurons = layer.interneurons(shape[1])
        return DANN[layer.method](name, interneurons, *shape, tuple(members))
    return BY_SIGN[layer.method](stacked_signs(layer, name, shape, members).to(device))

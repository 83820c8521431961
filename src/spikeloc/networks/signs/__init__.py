"""Sign constraints of weights: docs/model.md, "Sign constraints".

Dale's principle: all weights of a presynaptic unit (an input fibre for W1, a hidden unit for W2)
have the sign of that unit. A constraint turns the raw parameters of a layer, which are trained,
into its signed weights. To add one, write its class, enter it in ``BY_SIGN`` below, and add its
name to :data:`spikeloc.config.layers.SignMethod`.
"""

from collections.abc import Sequence

import torch

from spikeloc.config.layers import LayerParameters
from spikeloc.config.network_ids import NetworkId
from spikeloc.networks.signs.constraint import Free, RawParameters, SignConstraint, Signed, Step
from spikeloc.networks.signs.dann import Divisive, Subtractive
from spikeloc.networks.signs.exponentiated import Exponentiated, ExponentiatedPlain
from spikeloc.networks.signs.initial import initialise
from spikeloc.networks.signs.layout import ensemble_signs, presynaptic_signs
from spikeloc.networks.signs.learned import LearnedSigns
from spikeloc.networks.signs.magnitude import (
    Absolute,
    AbsoluteSloped,
    Projected,
    Rectified,
    Softplus,
)

__all__ = [
    "BY_SIGN",
    "DANN",
    "RawParameters",
    "SignConstraint",
    "Step",
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
    "learned": LearnedSigns,
}
DANN: dict[str, type[Subtractive]] = {"dann": Divisive, "dann_subtractive": Subtractive}


def make_constraint(
    layer: LayerParameters,
    name: str,
    shape: tuple[int, int],
    network_ids: Sequence[NetworkId],
    device: torch.device,
) -> SignConstraint:
    """The sign constraint of a layer for an ensemble of networks.

    Args:
        layer: parameters of the layer.
        name: "w1" or "w2".
        shape: (presynaptic, postsynaptic) units.
        network_ids: of the ensemble.
        device: of the signs.
    """
    if layer.signs == "free":
        return Free()
    if layer.method in DANN:
        interneurons = layer.interneurons(shape[1])
        return DANN[layer.method](name, interneurons, *shape, tuple(network_ids))
    return BY_SIGN[layer.method](ensemble_signs(layer, name, shape, network_ids).to(device))

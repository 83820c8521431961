"""Sign constraints of weights: docs/model.md, "Sign constraints".

Dale's principle: all weights of a presynaptic unit (an input fibre for W1, a hidden unit for W2)
have the sign of that unit. A constraint is a parametrization: it turns raw parameters, which are
trained, into the signed weight. To use one of your own, register it on a weight. To add one to the
methods that a config can name, enter it in ``BY_METHOD`` below, and its name in
:data:`spikeloc.config.parameters.SignMethod`.
"""

from collections.abc import Sequence

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import LayerParameters
from spikeloc.networks.signs.constraint import (
    SignConstraint,
    Signed,
    Step,
    constrained,
    keep_signs,
    parameter_groups,
    raw_parameters,
)
from spikeloc.networks.signs.dann import Divisive, Subtractive, part_shapes
from spikeloc.networks.signs.exponentiated import Exponentiated, ExponentiatedPlain
from spikeloc.networks.signs.layout import dale_signs, ensemble_signs, presynaptic_signs
from spikeloc.networks.signs.learned import LearnedSigns
from spikeloc.networks.signs.magnitude import (
    Absolute,
    AbsoluteSloped,
    Projected,
    Rectified,
    Softplus,
)

__all__ = [
    "BY_METHOD",
    "DANN",
    "Absolute",
    "AbsoluteSloped",
    "Divisive",
    "Exponentiated",
    "ExponentiatedPlain",
    "LearnedSigns",
    "Projected",
    "Rectified",
    "SignConstraint",
    "Signed",
    "Softplus",
    "Step",
    "Subtractive",
    "constrained",
    "dale_signs",
    "keep_signs",
    "make_constraint",
    "parameter_groups",
    "part_shapes",
    "presynaptic_signs",
    "raw_parameters",
]

BY_METHOD: dict[str, type[Signed]] = {
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
    layer: LayerParameters, name: str, shape: tuple[int, int], network_ids: Sequence[NetworkId]
) -> SignConstraint | None:
    """The sign constraint of a layer for an ensemble of networks, None if its signs are free.

    Args:
        layer: parameters of the layer.
        name: "w1" or "w2".
        shape: (presynaptic, postsynaptic) units.
        network_ids: of the ensemble.
    """
    if layer.signs == "free":
        return None
    if layer.method in DANN:
        return DANN[layer.method](layer.interneurons(shape[1]), shape)
    return BY_METHOD[layer.method](ensemble_signs(layer, name, shape, network_ids))

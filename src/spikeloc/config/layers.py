"""The signs of one weight matrix, as the config gives them."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from spikeloc.config.base import GrowingParameters

Fraction = Annotated[float, Field(ge=0, le=1)]
Signs = Literal["free", "dale", "positive", "per_synapse"]
SignMethod = Literal[
    "abs",
    "abs_sloped",
    "relu",
    "softplus",
    "projected",
    "exponentiated",
    "exponentiated_plain",
    "learned",
    "dann",
    "dann_subtractive",
]
Initialisation = Literal["uniform", "balanced", "column_ei"]


class LayerParameters(GrowingParameters):
    """Signs of one weight matrix, by presynaptic unit (spec sections 3 and 7).

    ``free``: any sign; ``dale``: ``inhibitory_fraction`` of the units inhibitory, the others
    excitatory; ``positive``: all excitatory; ``per_synapse``: that fraction of the weights,
    whoever's they are. The fraction means nothing if signs are ``free`` or ``positive``.
    ``method``: how signs are kept; ``initialisation``: of the magnitudes, which ``initial_scale``
    multiplies.
    """

    NEWER: ClassVar[tuple[str, ...]] = ("method", "initialisation", "initial_scale")

    signs: Signs = "free"
    inhibitory_fraction: Fraction = 0.5
    method: SignMethod = "abs"
    initialisation: Initialisation = "uniform"
    initial_scale: Annotated[float, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _fits_together(self) -> "LayerParameters":
        own_start = self.method in {"dann", "dann_subtractive"}
        if self.signs == "free" and self.method != "abs":
            raise ValueError(f"method: {self.method} keeps signs, but they are free")
        if self.signs != "dale" and (own_start or self.method == "learned"):
            raise ValueError(f"method: {self.method} needs signs: dale, not {self.signs}")
        if self.initialisation != "uniform" and (own_start or self.signs != "dale"):
            raise ValueError(
                f"initialisation: {self.initialisation} needs signs: dale and no dann method"
            )
        if self.initial_scale != 1 and own_start:
            raise ValueError(f"initial_scale: method {self.method} has a start of its own")
        return self

    @property
    def has_fraction(self) -> bool:
        """Whether the inhibitory fraction means something."""
        return self.signs in {"dale", "per_synapse"}

    def inhibitory_units(self, units: int) -> int:
        """How many of so many are inhibitory, rounded half up."""
        return _half_up(units * self.inhibitory_fraction)

    def interneurons(self, units: int) -> int:
        """How many interneurons a layer of so many units has under a dann method."""
        return _half_up(units * self.inhibitory_fraction / (1 - self.inhibitory_fraction))

    def check_units(self, presynaptic: int, postsynaptic: int) -> None:
        """Raises:
        ValueError: the numbers of inhibitory units that follow are none to start from.
        """
        if self.initialisation != "uniform":
            inhibitory = self.inhibitory_units(presynaptic)
            if inhibitory in {0, presynaptic}:
                raise ValueError(
                    f"initialisation: {self.initialisation} is undefined for {inhibitory} "
                    f"inhibitory units of {presynaptic}"
                )
        if self.method in {"dann", "dann_subtractive"} and not (
            self.inhibitory_fraction < 1 and self.interneurons(postsynaptic) > 0
        ):
            raise ValueError(
                f"method: {self.method} has no interneurons, or nothing else, with "
                f"inhibitory_fraction: {self.inhibitory_fraction:g}"
            )


def _half_up(count: float) -> int:
    # 1e-9: a product such as 15 * 0.3 must not fall under its half by rounding
    return math.floor(count + 0.5 + 1e-9)

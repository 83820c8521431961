"""Parameters of one weight matrix: its signs and its initial magnitudes."""

import math
from typing import Annotated, Literal

from pydantic import Field, model_validator

from spikeloc.config.base import Parameters, left_out

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
Placement = Literal["random", "first"]


class LayerParameters(Parameters):
    """Signs of one weight matrix, by presynaptic unit: docs/model.md, "Sign constraints".

    ``signs``: ``free``: any sign; ``dale``: ``inhibitory_fraction`` of the units are inhibitory,
    the others excitatory; ``positive``: all are excitatory; ``per_synapse``: this fraction of the
    single weights is negative. The fraction has no effect with ``free`` and ``positive`` signs.
    ``placement``: whether each network draws its inhibitory units, or whether they are the first
    ones, for example a whole ear. ``method``: how signs are kept. ``initialisation``: of the
    magnitudes, which ``initial_scale`` multiplies.
    """

    signs: Signs = "free"
    inhibitory_fraction: Fraction = 0.5
    method: SignMethod = "abs"
    initialisation: Initialisation = "uniform"
    initial_scale: Annotated[float, Field(gt=0)] = 1.0
    placement: Placement = left_out("random")

    @model_validator(mode="after")
    def _fits_together(self) -> "LayerParameters":
        own_initialisation = self.method in {"dann", "dann_subtractive"}
        if self.signs == "free" and self.method != "abs":
            raise ValueError(f"method: {self.method} has no effect with signs: free")
        if self.signs != "dale" and (own_initialisation or self.method == "learned"):
            raise ValueError(f"method: {self.method} needs signs: dale, not {self.signs}")
        if self.initialisation != "uniform" and (own_initialisation or self.signs != "dale"):
            raise ValueError(
                f"initialisation: {self.initialisation} needs signs: dale and no dann method"
            )
        if self.placement != "random" and (own_initialisation or not self.has_fraction):
            raise ValueError(
                f"placement: {self.placement} needs signs: dale or per_synapse and no dann method"
            )
        if self.initial_scale != 1 and own_initialisation:
            raise ValueError(f"initial_scale: method {self.method} has its own initialisation")
        return self

    @property
    def has_fraction(self) -> bool:
        """Whether the inhibitory fraction has an effect."""
        return self.signs in {"dale", "per_synapse"}

    def inhibitory_units(self, units: int) -> int:
        """Number of inhibitory units (or weights) among ``units``, rounded half up."""
        return _half_up(units * self.inhibitory_fraction)

    def interneurons(self, units: int) -> int:
        """Number of interneurons of a layer with ``units`` units under a dann method."""
        return _half_up(units * self.inhibitory_fraction / (1 - self.inhibitory_fraction))

    def check_units(self, presynaptic: int, postsynaptic: int) -> None:
        """Check that the layer can be initialised with these numbers of units.

        Raises:
            ValueError: an initialisation or method is undefined for the inhibitory units.
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
                f"method: {self.method} needs interneurons and other units, not "
                f"inhibitory_fraction: {self.inhibitory_fraction:g}"
            )


def _half_up(count: float) -> int:
    # 1e-9: a product such as 15 * 0.3 must not fall under its half by rounding
    return math.floor(count + 0.5 + 1e-9)

"""A penalty on hidden firing rates outside a band."""

from typing import Annotated

from pydantic import Field, model_validator

from spikeloc.config.base import Parameters

Rate = Annotated[float, Field(ge=0)]


class RatePenaltyParameters(Parameters):
    """Hidden units are pulled towards mean rates from ``min_hz`` to ``max_hz``: docs/model.md,
    "Training". ``weight``: what a deviation of 1 spike/s of every unit adds to the loss."""

    min_hz: Rate
    max_hz: Rate
    weight: Rate = 0.0001

    @model_validator(mode="after")
    def _is_a_band(self) -> "RatePenaltyParameters":
        if self.min_hz > self.max_hz:
            raise ValueError(f"min_hz: {self.min_hz:g} is above max_hz, {self.max_hz:g}")
        return self

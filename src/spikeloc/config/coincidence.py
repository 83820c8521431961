"""The hand-built localiser, as the config defines it: docs/model.md, "Hand-built localiser"."""

from typing import Annotated

from pydantic import Field, model_validator

from spikeloc.config.base import Name, Parameters, check_distinct


class Coincidence(Parameters):
    """The hand-built localiser: the sweep of the envelope power that it is tested on, the settings
    of its detectors that are searched, and the number of validation samples of each seed for this.

    A weight alone is below the detector's threshold of 1, and two weights together are above it.
    """

    experiment: Name
    weights: Annotated[list[Annotated[float, Field(gt=0.5, lt=1)]], Field(min_length=1)]
    taus_ms: Annotated[list[Annotated[float, Field(gt=0, le=1_000_000)]], Field(min_length=1)]
    pairs_per_class: Annotated[list[Annotated[int, Field(ge=1, le=10_000)]], Field(min_length=1)]
    search_samples: Annotated[int, Field(ge=1, le=1_000_000)]

    @model_validator(mode="after")
    def _searches_each_once(self) -> "Coincidence":
        for name in ("weights", "taus_ms", "pairs_per_class"):
            check_distinct(name, getattr(self, name))
        return self

"""The search for a learning rate, as the config defines it: docs/model.md, "Searches"."""

from typing import Annotated

from pydantic import Field, model_validator

from spikeloc.config.base import Parameters, Positive, Seed, check_distinct


class RateSearch(Parameters):
    """Learning rates of which one is chosen, and the seeds of the networks that try them.

    The rate with the smallest mean validation loss of the weights that are kept is chosen.
    """

    learning_rates: Annotated[list[Positive], Field(min_length=2)]
    seeds: Annotated[list[Seed], Field(min_length=1)]

    @model_validator(mode="after")
    def _tries_each_once(self) -> "RateSearch":
        for name in ("learning_rates", "seeds"):
            check_distinct(name, getattr(self, name))
        return self

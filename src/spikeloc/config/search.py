"""What a search for good settings tries, as the config gives it."""

from typing import Annotated

from pydantic import Field, model_validator

from spikeloc.config.base import Parameters, Seed

DottedPath = Annotated[str, Field(pattern=r"^(stimulus|network|training)(\.[a-z0-9_]+)+$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=64)]


class Search(Parameters):
    """Successive halving (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and
    hyperparameter optimization", AISTATS) of settings drawn at random.

    ``candidates`` draw each of the ``choices`` (dotted parameter: values) from the random stream
    of ``seed``, the same ones for every recipe of ``recipes``. All are trained with the first of
    ``epochs``, the best ones in ``keep`` with the next, and so on, each time from the start, with
    networks of ``network_seeds``, and judged by the mean accuracy on their validation data.
    """

    recipes: Annotated[list[Name], Field(min_length=1)]
    seed: Seed
    network_seeds: Annotated[list[Seed], Field(min_length=1)]
    candidates: Annotated[int, Field(ge=2, le=10_000)]
    keep: Annotated[int, Field(ge=2, le=100)]
    epochs: Annotated[list[Annotated[int, Field(ge=1, le=100_000)]], Field(min_length=1)]
    choices: Annotated[
        dict[DottedPath, Annotated[list[bool | int | float | str], Field(min_length=1)]],
        Field(min_length=1),
    ]

    @model_validator(mode="after")
    def _is_a_search(self) -> "Search":
        if len(set(self.network_seeds)) < len(self.network_seeds):
            raise ValueError("network_seeds holds a duplicate")
        if sorted(set(self.epochs)) != self.epochs:
            raise ValueError("epochs must rise from round to round")
        return self

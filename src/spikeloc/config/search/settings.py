"""The search for good settings, as the config defines it: docs/model.md, "Searches"."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from spikeloc.config.base import Name, Parameters, Seed, check_distinct, left_out
from spikeloc.config.swept_parameters import DottedPath
from spikeloc.io.randomness import uniform


class Search(Parameters):
    """Successive halving (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and
    hyperparameter optimization", AISTATS) of settings drawn at random.

    Each of the ``candidates`` has a value of each of the ``choices`` (values by dotted parameter),
    drawn from the random stream of ``seed`` and the same for all ``recipes``. In the first round
    all are trained for the first number of ``epochs``; the best one in ``keep`` takes part in the
    next round with the next number, and so on. Training always starts anew, with networks of
    ``network_seeds``; the criterion is their mean accuracy on validation data.
    """

    recipes: Annotated[list[Name], Field(min_length=1)]
    variant: Name | None = left_out(None)
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
        check_distinct("network_seeds", self.network_seeds)
        if sorted(set(self.epochs)) != self.epochs:
            raise ValueError("epochs must increase from round to round")
        return self


def drawn_settings(search: Search) -> list[dict[str, Any]]:
    """The settings of each candidate: values by dotted parameter.

    A search with more candidates begins with those of a smaller one.
    """
    drawn: list[dict[str, Any]] = [{} for _ in range(search.candidates)]
    for path, values in search.choices.items():
        numbers = uniform(search.seed, f"search/{path}", search.candidates)
        for settings, number in zip(drawn, numbers, strict=True):
            settings[path] = values[int(number * len(values))]
    return drawn

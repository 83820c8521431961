"""Parameters of training, and of the search for a learning rate: docs/model.md, "Training";
docs/model.md, "Searches"."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from spikeloc.config.base import Parameters, Positive, Seed, check_distinct, left_out

MAX_SAMPLES = 1_000_000
Count = Annotated[int, Field(ge=1, le=MAX_SAMPLES)]
Rate = Annotated[float, Field(ge=0)]


def _names_what_is_fresh(given: Any) -> Any:
    if not isinstance(given, bool) and given != "phases":
        raise ValueError("must be true, false or phases")
    return given


Fresh = Annotated[bool | Literal["phases"], BeforeValidator(_names_what_is_fresh)]


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


class TrainingParameters(Parameters):
    """How a network is trained: docs/model.md, "Training"; docs/model.md, "Recipes and variants".

    ``fresh_stimuli``: new training samples in each epoch, or only new starting ``phases`` of the
    same ones. ``rate_penalty``: on hidden firing rates outside a band. ``learning_rate_decay``: see
    :func:`spikeloc.training.schedule.rate_factor`.
    """

    SECTION: ClassVar[str] = "training"

    learning_rate: Positive = 0.01
    learning_rate_decay: Literal["none", "cosine", "exponential"] = "none"
    batch_size: Count = 64
    training_samples: Count = 4096
    validation_samples: Count = 4096
    test_samples: Count = 2048
    fresh_stimuli: Fresh = False
    epochs: Annotated[int, Field(ge=1, le=100_000)] = 30
    validate_each_epoch: bool = True
    patience_epochs: Count = 10
    weights_kept: Literal["best", "last", "notebook"] = "best"
    rate_penalty: RatePenaltyParameters | None = left_out(None)

    @model_validator(mode="after")
    def _can_keep_best(self) -> "TrainingParameters":
        if self.weights_kept == "best" and not self.validate_each_epoch:
            raise ValueError("weights_kept: best needs validate_each_epoch: true")
        return self


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

"""Tests of trained networks with other stimuli, noisy weights and lesions."""

from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from spikeloc.config.base import Parameters, check_distinct
from spikeloc.config.parameters import RunParameters, StimulusParameters
from spikeloc.config.swept_parameters import Values, number, written
from spikeloc.io.errors import nearest, shown


class Perturbation(Parameters):
    """What is done to a trained network: docs/model.md, "Tests of trained networks".

    ``weight_noise_sd``: relative standard deviation of the noise on each weight;
    ``hidden_lesion_share`` and ``input_lesion_share``: share of the hidden units, or of the input
    fibres, that are silenced.
    """

    weight_noise_sd: Annotated[float, Field(ge=0, le=1000)] = 0.0
    hidden_lesion_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    input_lesion_share: Annotated[float, Field(ge=0, le=1)] = 0.0


FIXED = ("duration_ms", "time_step_ms", "fibres_per_ear")  # a network is trained for these
TESTED = [
    *(f"stimulus.{name}" for name in StimulusParameters.model_fields if name not in FIXED),
    *Perturbation.model_fields,
]


def _can_be_tested(path: str) -> str:
    if path not in TESTED:
        reason = f"{shown(path)} is nothing that a test can vary{nearest(path, TESTED)}"
        raise PydanticCustomError("unknown_key", "{reason}", {"reason": reason})
    return path


class Setting(NamedTuple):
    """One value of a test, as text and, if it is one, as a number; the stimulus and perturbation
    with this value."""

    tested: str
    value: float | None
    stimulus: StimulusParameters
    perturbation: Perturbation


class NetworkTest(Parameters):
    """A test of trained networks: what is varied, and its values."""

    vary: Annotated[
        str, AfterValidator(_can_be_tested), WithJsonSchema({"enum": TESTED, "type": "string"})
    ]
    values: Values

    @model_validator(mode="after")
    def _tests_a_value_once(self) -> "NetworkTest":
        try:
            texts = [*map(written, self.values)]
        except OverflowError:
            raise ValueError("values: an integer is too large") from None
        check_distinct("values", texts)
        return self

    def settings(self, run: RunParameters) -> list[Setting]:
        """What the networks of a run are tested with, value by value.

        Raises:
            ValueError: a value is not possible, or there is nothing to perturb in these networks.
        """
        stimulus, _, name = self.vary.rpartition(".")
        if not stimulus and run.network.divides:
            raise ValueError(f"{name} needs a network without divisive inhibition (method: dann)")
        if name == "hidden_lesion_share" and run.network.model == "membrane_only":
            raise ValueError(f"{name} needs a network with hidden units")
        base = run.stimulus.model_dump()
        return [
            Setting(
                written(value),
                number(value),
                StimulusParameters.model_validate(base | ({name: value} if stimulus else {})),
                Perturbation.model_validate({} if stimulus else {name: value}),
            )
            for value in self.values
        ]

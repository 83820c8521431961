"""Parameters of the stimulus: docs/model.md, "Stimulus"."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from spikeloc.config.base import Parameters, Positive, left_out

MOST_JITTERED_POWER = 10  # beyond, a polynomial of the envelope loses too many digits


class StimulusParameters(Parameters):
    """A tone at two ears, coded by auditory-nerve fibres: docs/model.md, "Stimulus".

    ``fibre_delay_min_deg`` and ``fibre_delay_max_deg``: the phase delays of an ear's fibres lie
    evenly between these; ``delay_jitter_deg``: sd of what a seed's fibres deviate from this;
    ``spike_jitter_ms``: sd of what the time of each spike deviates from that of its fibre's rate;
    ``fibres_dropped``: the share of a seed's fibres that is silent; ``bin_probability``: taken at
    the start of a bin, or the mean over the bin.
    """

    SECTION: ClassVar[str] = "stimulus"

    frequency_hz: Positive = 20.0
    duration_ms: Positive = 100.0
    time_step_ms: Positive = 1.0
    fibres_per_ear: Annotated[int, Field(ge=1, le=10_000)] = 100
    rate_max_hz: Annotated[float, Field(ge=0)] = 600.0
    envelope_power: Annotated[float, Field(ge=0, le=1_000_000)] = 2.0
    phase: Literal["per_sample", "per_dataset"] = "per_sample"
    fibre_delay_min_deg: Annotated[float, Field(ge=-360, le=360)] = left_out(0.0)
    fibre_delay_max_deg: Annotated[float, Field(ge=-360, le=360)] = left_out(90.0)
    delay_jitter_deg: Annotated[float, Field(ge=0, le=360)] = left_out(0.0)
    spike_jitter_ms: Annotated[float, Field(ge=0, le=1_000_000)] = left_out(0.0)
    fibres_dropped: Annotated[float, Field(ge=0, lt=1)] = left_out(0.0)
    bin_probability: Literal["start", "mean"] = left_out("start")

    @model_validator(mode="after")
    def _is_possible(self) -> "StimulusParameters":
        if self.spikes_per_bin > 1:
            raise ValueError(
                f"rate_max_hz times time_step_ms is {self.spikes_per_bin:g} spikes in a bin: "
                "a spike probability above 1"
            )
        if 2 * self.frequency_hz * self.time_step_ms > 1000:
            raise ValueError(
                f"frequency_hz: {self.frequency_hz:g} is above half the sampling rate, "
                f"{500 / self.time_step_ms:g} Hz with time_step_ms {self.time_step_ms:g}"
            )
        if self.fibre_delay_min_deg > self.fibre_delay_max_deg:
            raise ValueError(
                f"fibre_delay_min_deg: {self.fibre_delay_min_deg:g} is above fibre_delay_max_deg, "
                f"{self.fibre_delay_max_deg:g}"
            )
        power = self.envelope_power
        if self.spike_jitter_ms and not (power.is_integer() and power <= MOST_JITTERED_POWER):
            raise ValueError(
                f"spike_jitter_ms: needs a whole envelope_power of at most {MOST_JITTERED_POWER}, "
                f"not {power:g}"
            )
        ratio = self.duration_ms / self.time_step_ms
        possible = 3.5 < ratio < 100_000.5  # else it may be too large to be rounded
        if not possible or not math.isclose(ratio, round(ratio), rel_tol=1e-9):
            raise ValueError(
                f"duration_ms must be 4 to 100000 whole time steps of time_step_ms, not {ratio:g}"
            )
        return self

    @property
    def steps(self) -> int:
        """Number of time steps T."""
        return round(self.duration_ms / self.time_step_ms)

    @property
    def inputs(self) -> int:
        """Number of input fibres of both ears."""
        return 2 * self.fibres_per_ear

    @property
    def cycles_per_bin(self) -> float:
        """Share of the tone's cycle that a bin lasts, f dt."""
        return self.frequency_hz * self.time_step_ms / 1000

    @property
    def spikes_per_bin(self) -> float:
        """Largest spike probability of a bin, R_max dt."""
        return self.rate_max_hz * self.time_step_ms / 1000

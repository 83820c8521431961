"""Parameters of the network: docs/model.md, "Neuron"; docs/model.md, "Readout"."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from spikeloc.config.base import Parameters, Positive, left_out
from spikeloc.config.parameters.layers import LayerParameters
from spikeloc.config.parameters.stimulus import StimulusParameters

Readout = Literal["classes", "angle", "circular"]
Surrogate = Literal["sigmoid", "fast_sigmoid", "superspike", "triangular"]
Reset = Literal["late", "immediate", "subtract"]
OverTime = Literal["sum", "last", "maximum", "spike_count"]


class NetworkParameters(Parameters):
    """The network: docs/model.md, "Neuron"; docs/model.md, "Readout".

    ``readout``: an output for each class, one for the angle, or two for its cosine and sine.
    ``noise_sd``: standard deviation of a Gaussian current into each hidden unit in each time step,
    in units of the threshold. ``readout_tau_ms``: time constant of the readout, if it is not
    ``tau_ms`` as well; ``readout_over_time``: which of its potentials count, or that its units
    spike and their spikes are counted. ``reset``: whether a unit that exceeds the threshold spikes
    and is reset to 0 one step late, or at once, or is reset late by subtracting the threshold.
    ``threshold_jump``: what a spike of a hidden unit adds to its threshold, in units of the resting
    threshold; ``threshold_tau_ms``: time constant of its decay; ``refractory_ms``: how long a
    hidden unit neither spikes nor takes up drive after a spike.
    """

    SECTION: ClassVar[str] = "network"

    model: Literal["spiking", "membrane_only"] = "spiking"
    hidden_units: Annotated[int, Field(ge=1, le=10_000)] = 30
    classes: Annotated[int, Field(ge=2, le=255)] = 12
    tau_ms: Annotated[float, Field(gt=0, le=1_000_000)] = 5.0
    reset: Reset = left_out("late")
    threshold_jump: Annotated[float, Field(ge=0, le=1_000_000)] = left_out(0.0)
    threshold_tau_ms: Annotated[float, Field(gt=0, le=1_000_000)] = left_out(60.0)
    refractory_ms: Annotated[float, Field(ge=0, le=1_000_000)] = left_out(0.0)
    surrogate: Surrogate = "sigmoid"
    surrogate_slope: Positive = 5.0
    noise_sd: Annotated[float, Field(ge=0)] = 0.0
    readout: Readout = "classes"
    readout_tau_ms: Annotated[float, Field(gt=0, le=1_000_000)] | None = left_out(None)
    readout_over_time: OverTime = left_out("sum")
    logit_scale: Positive = 0.01
    w1: LayerParameters = LayerParameters()
    w2: LayerParameters = LayerParameters()

    @model_validator(mode="after")
    def _divides_hidden_units_only(self) -> "NetworkParameters":
        if self.w2.method == "dann":
            raise ValueError("w2: method: dann is for w1 only; dann_subtractive is for both")
        return self

    @model_validator(mode="after")
    def _has_one_tau_without_hidden_units(self) -> "NetworkParameters":
        if self.model == "membrane_only" and self.readout_tau_ms is not None:
            raise ValueError("readout_tau_ms: a membrane_only network has tau_ms only")
        return self

    @model_validator(mode="after")
    def _counts_spikes_of_classes(self) -> "NetworkParameters":
        if self.readout_over_time == "spike_count":
            if self.model == "membrane_only":
                raise ValueError("readout_over_time: spike_count is not for membrane_only networks")
            if self.readout != "classes":
                raise ValueError(
                    "readout_over_time: spike_count is never negative, so that it cannot be an "
                    f"output of readout: {self.readout}"
                )
        return self

    def refractory_steps(self, stimulus: StimulusParameters) -> int:
        """The refractory period in time steps of a stimulus.

        Raises:
            ValueError: it is not a whole number of them, or longer than a trial.
        """
        if self.refractory_ms > stimulus.duration_ms:
            raise ValueError(
                f"refractory_ms: {self.refractory_ms:g} is longer than a trial, duration_ms: "
                f"{stimulus.duration_ms:g}"
            )
        steps = self.refractory_ms / stimulus.time_step_ms
        if not math.isclose(steps, round(steps), rel_tol=1e-9):
            raise ValueError(
                f"refractory_ms: {self.refractory_ms:g} is not a whole number of time steps of "
                f"{stimulus.time_step_ms:g} ms"
            )
        return round(steps)

    @property
    def reference_only(self) -> list[str]:
        """What only the reference computes and the native core refuses, as in a config."""
        asked = {
            "reset": self.reset != "late",
            "threshold_jump": self.threshold_jump > 0,
            "refractory_ms": self.refractory_ms > 0,
            "readout_over_time": self.readout_over_time in {"maximum", "spike_count"},
        }
        return [f"{name}: {getattr(self, name)}" for name, is_asked in asked.items() if is_asked]

    @property
    def outputs(self) -> int:
        """Number of readout units."""
        return {"classes": self.classes, "angle": 1, "circular": 2}[self.readout]

    @property
    def divides(self) -> bool:
        """Whether hidden units have divisive inhibition."""
        return self.model == "spiking" and self.w1.method == "dann"

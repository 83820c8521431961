"""A leaky integrate-and-fire neuron whose threshold adapts: docs/model.md, "Neuron primer".

Potential and threshold have no unit, as in Goodman's tutorial (doi
10.5281/zenodo.7044500):

    tau dV/dt = -V        tau_t dV_t/dt = 1 - V_t

An incoming spike adds its weight to V. The neuron spikes when V > V_t; then V becomes 0 and V_t
grows by delta. Between spikes both solutions are exponentials, so a step is exact. In a neuron that
is driven to spike every T ms, the threshold just before a spike tends to
``1 + delta / (exp(T / tau_t) - 1)``.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class AdaptiveState(NamedTuple):
    """Potential and threshold after a time step, and whether the neuron spiked in it."""

    potential: float
    threshold: float
    spike: bool


@dataclass(frozen=True)
class AdaptiveThreshold:
    """Time constants of potential and threshold in ms, and the jump delta of the threshold."""

    tau_ms: float
    threshold_tau_ms: float
    threshold_jump: float

    def step(self, state: AdaptiveState, drive: float, time_step_ms: float) -> AdaptiveState:
        """One time step: decay, then the incoming weights ``drive``, then spike and reset."""
        potential = state.potential * math.exp(-time_step_ms / self.tau_ms) + drive
        relaxed = math.exp(-time_step_ms / self.threshold_tau_ms)
        threshold = 1 + (state.threshold - 1) * relaxed
        if potential > threshold:
            return AdaptiveState(0.0, threshold + self.threshold_jump, True)
        return AdaptiveState(potential, threshold, False)

    def run(
        self, drive: npt.NDArray[np.float64], time_step_ms: float
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Potential, threshold and spikes, each (steps + 1,), from incoming weights (steps,)."""
        states = [AdaptiveState(0.0, 1.0, False)]
        for value in drive:
            states.append(self.step(states[-1], float(value), time_step_ms))
        potential, threshold, spikes = zip(*states, strict=True)
        return np.array(potential), np.array(threshold), np.array(spikes)

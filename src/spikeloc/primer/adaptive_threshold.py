"""A leaky integrate-and-fire neuron whose threshold adapts (spec section 9).

Potential and threshold are numbers without a unit, as in Goodman's tutorial (doi
10.5281/zenodo.7044500):

    tau dV/dt = -V        tau_t dV_t/dt = 1 - V_t

An incoming spike adds its weight to V; the neuron spikes when V > V_t, and then V becomes 0 and V_t
grows by delta. Between spikes both solutions are exponentials, so that a step is exact. A neuron
that is driven to spike every T ms fires from a threshold that tends to
``1 + delta / (exp(T / tau_t) - 1)``.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class AdaptiveState(NamedTuple):
    """Potential, threshold and whether the neuron spikes, of one time step."""

    potential: float
    threshold: float
    spike: bool


@dataclass(frozen=True)
class AdaptiveThreshold:
    """Time constants of the potential and of the threshold, and delta, its jump at a spike."""

    tau_ms: float
    threshold_tau_ms: float
    threshold_jump: float

    def step(self, state: AdaptiveState, drive: float, time_step_ms: float) -> AdaptiveState:
        """Decay of both, then the step's incoming weights, then spike and reset."""
        potential = state.potential * math.exp(-time_step_ms / self.tau_ms) + drive
        relaxed = math.exp(-time_step_ms / self.threshold_tau_ms)
        threshold = 1 + (state.threshold - 1) * relaxed
        if potential > threshold:
            return AdaptiveState(0.0, threshold + self.threshold_jump, True)
        return AdaptiveState(potential, threshold, False)

    def run(
        self, drive: npt.NDArray[np.float64], time_step_ms: float
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Potential, threshold and spikes, each (steps + 1,), of incoming weights (steps,)."""
        states = [AdaptiveState(0.0, 1.0, False)]
        for value in drive:
            states.append(self.step(states[-1], float(value), time_step_ms))
        potential, threshold, spikes = zip(*states, strict=True)
        return np.array(potential), np.array(threshold), np.array(spikes)

"""The textbook neuron, a leaky integrator with spikes, reset and refractory period.

Source: docs/model.md, "Neuron primer".

The parameters are those of the Neuromatch course (https://compneuro.neuromatch.io). Potentials are
in mV, currents in nA, resistances in megaohm, times in ms. Below its threshold the membrane is a
leaky integrator of the injected current I,

    tau dV/dt = E_L - V + R I,

here with the current at the beginning of a step held during the step:

    V[n+1] = V[n] + g (E_L + R I[n] - V[n])        V[0] = E_L.

The gain g is ``dt / tau`` in the forward Euler scheme of the course, whose error is of first order
in dt, and ``1 - exp(-dt / tau)`` in the exponential scheme, which is exact for a held current.
A neuron that reaches V_th spikes. It is set to V_reset in the same step and stays there during its
absolute refractory period.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spikeloc.io.randomness import uniform

Floats = npt.NDArray[np.floating]

MEAN_CURRENT_NA = 0.25
SINE_PERIOD_MS = 10.0
RELATIVE_NOISE = 0.1


@dataclass(frozen=True)
class Membrane:
    """The constants of a neuron: time constant, potentials and resistance of its membrane."""

    tau_ms: float = 20.0
    rest_mv: float = -60.0
    reset_mv: float = -70.0
    threshold_mv: float = -50.0
    resistance_mohm: float = 100.0

    def steady_mv(self, current_na: npt.ArrayLike) -> Floats:
        """``E_L + R I``, the limit of the potential under a constant current, same shape."""
        return self.rest_mv + self.resistance_mohm * np.asarray(current_na, np.float64)

    def euler_gain(self, time_step_ms: float) -> float:
        """Gain g of the forward Euler scheme."""
        return time_step_ms / self.tau_ms

    def exponential_gain(self, time_step_ms: float) -> float:
        """Gain g of the exponential scheme, which is exact for a current held during the step."""
        return -math.expm1(-time_step_ms / self.tau_ms)

    def step(self, potential_mv: Floats, current_na: npt.ArrayLike, gain: float) -> Floats:
        """From V[n] and I[n] to V[n+1] without spikes, any shape."""
        return potential_mv + gain * (self.steady_mv(current_na) - potential_mv)

    def integrate(self, current_na: Floats, gain: float) -> Floats:
        """V (steps + 1, ...) without spikes, from rest, under currents (steps, ...)."""
        potentials = [np.full(current_na.shape[1:], self.rest_mv)]
        for current in current_na:
            potentials.append(self.step(potentials[-1], current, gain))
        return np.stack(potentials)


def sinusoidal_current_na(time_ms: Floats) -> Floats:
    """``I_mean (1 + sin(2 pi t / period))``, same shape."""
    return MEAN_CURRENT_NA * (1 + np.sin(2 * np.pi * time_ms / SINE_PERIOD_MS))


def sinusoidal_response_mv(time_ms: Floats, membrane: Membrane) -> Floats:
    """The solution for the sinusoidal current in continuous time, from rest, same shape.

    With w = 2 pi / period:
    ``V = E_L + R I_mean (1 - e + (sin w t - w tau cos w t + w tau e) / (1 + (w tau)^2))``,
    ``e = exp(-t / tau)``.
    """
    angle = 2 * np.pi * time_ms / SINE_PERIOD_MS
    lag = 2 * np.pi * membrane.tau_ms / SINE_PERIOD_MS
    rest = np.exp(-time_ms / membrane.tau_ms)
    wave = (np.sin(angle) - lag * np.cos(angle) + lag * rest) / (1 + lag**2)
    steady = membrane.resistance_mohm * MEAN_CURRENT_NA
    return membrane.rest_mv + steady * (1 - rest + wave)


def noisy_current_na(steps: int, count: int, seed: int, purpose: str) -> Floats:
    """``I_mean (1 + 0.1 sqrt(t_max / dt) xi)``, (steps, count), xi ~ U(-1, 1), t_max / dt = steps.

    With this factor it approximates white noise: its effect on the potential does not depend on dt.
    A larger ``count`` adds realisations and does not change the others.
    """
    xi = 2 * uniform(seed, purpose, count * steps).reshape(count, steps).T - 1
    return MEAN_CURRENT_NA * (1 + RELATIVE_NOISE * math.sqrt(steps) * xi)


def noise_sd_na(steps: int) -> float:
    """Standard deviation of the noisy current, where xi has variance 1/3."""
    return MEAN_CURRENT_NA * RELATIVE_NOISE * math.sqrt(steps / 3)


class PopulationState(NamedTuple):
    """Potential, spikes, and the number of steps that each neuron is still held at reset, all
    (count,)."""

    potential_mv: Floats
    spikes: npt.NDArray[np.bool_]
    held_steps: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Unconnected neurons with an absolute refractory period.

    ``count``: number of neurons; ``gain``: of the integration scheme; ``refractory_ms``: one value,
    or one for each neuron (count,), rounded to whole steps. A spike at t holds the neuron at reset
    until ``t + refractory_ms`` inclusive, which makes the interval longer by ``refractory_ms``.
    """

    count: int
    membrane: Membrane
    time_step_ms: float
    gain: float
    refractory_ms: float | Floats = 0.0

    def _steps(self, time_ms: float | Floats) -> npt.NDArray[np.int64]:
        steps = np.rint(np.asarray(time_ms) / self.time_step_ms).astype(np.int64)
        return np.broadcast_to(steps, (self.count,))

    def start(self, held_ms: float | Floats = 0.0) -> PopulationState:
        """No spikes; at rest, or at reset for ``held_ms``, one value or one for each neuron."""
        held_steps = self._steps(held_ms)
        membrane = self.membrane
        potential_mv = np.where(held_steps > 0, membrane.reset_mv, membrane.rest_mv)
        return PopulationState(potential_mv, np.zeros(self.count, np.bool_), held_steps)

    def step(self, state: PopulationState, current_na: npt.ArrayLike) -> PopulationState:
        """One step of the equation under currents (count,), then spike and reset."""
        membrane = self.membrane
        potential_mv = membrane.step(state.potential_mv, current_na, self.gain)
        held = state.held_steps > 0
        spikes = (potential_mv >= membrane.threshold_mv) & ~held
        return PopulationState(
            np.where(spikes | held, membrane.reset_mv, potential_mv),
            spikes,
            np.where(spikes, self._steps(self.refractory_ms), state.held_steps - held),
        )

    def run(self, current_na: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Potentials and spikes, both (steps + 1, count), under currents (steps, count)."""
        states = [self.start()]
        for current in current_na:
            states.append(self.step(states[-1], current))
        return np.stack([s.potential_mv for s in states]), np.stack([s.spikes for s in states])


def firing_rate_hz(
    current_na: npt.ArrayLike, membrane: Membrane, refractory_ms: float = 0.0
) -> Floats:
    """Firing rate under constant currents, in closed form and continuous time, same shape.

    ``f = 1 / (t_ref + tau ln((E_L + R I - V_reset) / (E_L + R I - V_th)))``, and 0 where the
    steady potential does not exceed the threshold.
    """
    excess_mv = membrane.steady_mv(current_na) - membrane.threshold_mv
    fires = excess_mv > 0
    climb_mv = membrane.threshold_mv - membrane.reset_mv
    climb_ms = membrane.tau_ms * np.log1p(climb_mv / np.where(fires, excess_mv, 1.0))
    return np.where(fires, 1000 / (refractory_ms + climb_ms), 0.0)


def measured_rate_hz(spikes: npt.NDArray[np.bool_], time_step_ms: float) -> Floats:
    """Inverse of the mean interval between spikes (steps, count), in Hz, (count,); 0 if none.

    The time to the first spike is not used, because it starts from rest and not from reset.
    """
    first, last = np.argmax(spikes, 0), len(spikes) - 1 - np.argmax(spikes[::-1], 0)
    intervals = np.maximum(spikes.sum(0) - 1, 0)
    return 1000 * intervals / np.maximum((last - first) * time_step_ms, time_step_ms)

"""The textbook neuron: a leaky integrator that spikes, is reset and rests (spec section 9).

The parameters are those of the Neuromatch course (https://compneuro.neuromatch.io). Potentials are
in mV, currents in nA, resistances in megaohm, times in ms. Below its threshold the membrane is a
leaky integrator of the injected current I,

    tau dV/dt = E_L - V + R I,

here with the current of a step's beginning held during the step:

    V[n+1] = V[n] + g (E_L + R I[n] - V[n])        V[0] = E_L.

The gain g is ``dt / tau`` in the forward Euler scheme of the course, whose error is of first order
in dt, and ``1 - exp(-dt / tau)`` in the exponential scheme, which is exact for a held current.
A neuron that reaches V_th spikes; it is set to V_reset in the same step and stays there for its
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
    """What a neuron is made of."""

    tau_ms: float = 20.0
    rest_mv: float = -60.0
    reset_mv: float = -70.0
    threshold_mv: float = -50.0
    resistance_mohm: float = 100.0

    def steady_mv(self, current_na: npt.ArrayLike) -> Floats:
        """``E_L + R I``, where the potential goes under a constant current, same shape."""
        return self.rest_mv + self.resistance_mohm * np.asarray(current_na, np.float64)

    def euler_gain(self, time_step_ms: float) -> float:
        """Gain of the forward Euler scheme."""
        return time_step_ms / self.tau_ms

    def exponential_gain(self, time_step_ms: float) -> float:
        """Gain of the scheme that is exact for a current held during the step."""
        return -math.expm1(-time_step_ms / self.tau_ms)

    def step(self, potential_mv: Floats, current_na: npt.ArrayLike, gain: float) -> Floats:
        """From V[n] and I[n] to V[n+1] below the threshold, any shape."""
        return potential_mv + gain * (self.steady_mv(current_na) - potential_mv)

    def integrate(self, current_na: Floats, gain: float) -> Floats:
        """V (steps + 1, ...) without spikes, from rest, of currents (steps, ...)."""
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
    """``I_mean (1 + 0.1 sqrt(t_max / dt) xi)``, xi ~ U(-1, 1), t_max / dt = steps: (steps, count).

    The factor makes it white noise: how far it moves the potential does not depend on dt. Another
    realisation changes none of the others.
    """
    xi = 2 * uniform(seed, purpose, count * steps).reshape(count, steps).T - 1
    return MEAN_CURRENT_NA * (1 + RELATIVE_NOISE * math.sqrt(steps) * xi)


def noise_sd_na(steps: int) -> float:
    """Standard deviation of the noisy current: xi has variance 1/3."""
    return MEAN_CURRENT_NA * RELATIVE_NOISE * math.sqrt(steps / 3)


class PopulationState(NamedTuple):
    """Potential, spikes, and for how many more steps each neuron is held at reset: (count,)."""

    potential_mv: Floats
    spikes: npt.NDArray[np.bool_]
    held_steps: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Neurons that are not connected, each with its absolute refractory period.

    refractory_ms: of all or of each (count,), rounded to whole steps. A spike at t holds the neuron
    at reset up to and including ``t + refractory_ms``, so that it adds just that to an interval.
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
        """No spikes; at rest, or at reset where a neuron is still refractory, for ``held_ms``."""
        held_steps = self._steps(held_ms)
        membrane = self.membrane
        potential_mv = np.where(held_steps > 0, membrane.reset_mv, membrane.rest_mv)
        return PopulationState(potential_mv, np.zeros(self.count, np.bool_), held_steps)

    def step(self, state: PopulationState, current_na: npt.ArrayLike) -> PopulationState:
        """One step of the equation under currents (count,), then spike and clamp."""
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
        """Potentials and spikes, both (steps + 1, count), of currents (steps, count)."""
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
    """One over the mean interval between the spikes (steps, count); 0 with less than two: (count,).

    The time up to the first spike does not count: it starts from rest and not from reset.
    """
    first, last = np.argmax(spikes, 0), len(spikes) - 1 - np.argmax(spikes[::-1], 0)
    intervals = np.maximum(spikes.sum(0) - 1, 0)
    return 1000 * intervals / np.maximum((last - first) * time_step_ms, time_step_ms)

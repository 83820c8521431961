"""The data of the primer's figure, simulated and in closed form.

Source: docs/model.md, "Neuron primer".
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from spikeloc.primer.adaptive_threshold import AdaptiveThreshold
from spikeloc.primer.neurons import (
    Membrane,
    Population,
    firing_rate_hz,
    measured_rate_hz,
    noise_sd_na,
    noisy_current_na,
    sinusoidal_current_na,
    sinusoidal_response_mv,
)
from spikeloc.primer.population_statistics import (
    exact_moments,
    limiting_moments,
    sample_moments,
    standard_errors,
)

MEMBRANE = Membrane()
STEPS, TIME_STEP_MS = 150, 1.0
REALISATIONS = 200
REFERENCE_MS = (25, 75, 125)
NEURONS = 20
REFRACTORY_MS = 10.0
# Fine steps, because whole ms would round the intervals between spikes.
RATE_STEP_MS, RATE_STEPS = 0.1, 10_000
ADAPTIVE = AdaptiveThreshold(tau_ms=10.0, threshold_tau_ms=60.0, threshold_jump=0.4)
ADAPTIVE_STEPS, DRIVEN_STEPS, DRIVE_WEIGHT = 250, slice(20, 170, 2), 0.6

Arrays = dict[str, npt.NDArray[Any]]


def primer_arrays(seed: int) -> Arrays:
    """All arrays by name: times in ms, potentials in mV, currents in nA, rates in Hz."""
    gain = MEMBRANE.euler_gain(TIME_STEP_MS)
    return {
        "time_ms": np.arange(STEPS + 1) * TIME_STEP_MS,
        **_integrator(seed, gain),
        **_moments(seed, gain),
        **_spiking(seed, gain),
        **_rates(),
        **_adaptive(),
    }


def _integrator(seed: int, gain: float) -> Arrays:
    """Both currents and their potentials, that of the sinusoid also in continuous time."""
    time_ms = np.arange(STEPS) * TIME_STEP_MS
    fine_ms = np.linspace(0, STEPS * TIME_STEP_MS, 10 * STEPS + 1)
    sine_na = sinusoidal_current_na(time_ms)
    noise_na = noisy_current_na(STEPS, 1, seed, "primer ensemble")[:, 0]
    return {
        "sine_na": sine_na,
        "sine_mv": MEMBRANE.integrate(sine_na, gain),
        "fine_ms": fine_ms,
        "sine_continuous_mv": sinusoidal_response_mv(fine_ms, MEMBRANE),
        "noise_na": noise_na,
        "noise_mv": MEMBRANE.integrate(noise_na, gain),
    }


def _moments(seed: int, gain: float) -> Arrays:
    """Moments of a sample, exact moments with their standard errors, and moments for dt to 0.

    ``*_mean_mv``, ``*_variance_mv2`` (steps + 1,), and ``*_covariance_mv2`` (3, steps + 1) with the
    potentials at ``reference_ms``.
    """
    current_na = noisy_current_na(STEPS, REALISATIONS, seed, "primer ensemble")
    exact = exact_moments(STEPS, MEMBRANE, gain, noise_sd_na(STEPS))
    time_ms = np.arange(STEPS + 1) * TIME_STEP_MS
    intensity = noise_sd_na(STEPS) ** 2 * TIME_STEP_MS
    all_moments = {
        "sample": sample_moments(MEMBRANE.integrate(current_na, gain)),
        "exact": exact,
        "error": standard_errors(exact, REALISATIONS),
        "limit": limiting_moments(time_ms, MEMBRANE, intensity),
    }
    rows = np.rint(np.array(REFERENCE_MS) / TIME_STEP_MS).astype(int)
    arrays: Arrays = {
        "reference_ms": np.array(REFERENCE_MS),
        "realisations": np.array(REALISATIONS),
    }
    for name, moments in all_moments.items():
        arrays[f"{name}_mean_mv"] = moments.mean_mv
        arrays[f"{name}_variance_mv2"] = moments.variance_mv2
        arrays[f"{name}_covariance_mv2"] = moments.covariance_mv2[rows]
    return arrays


def _spiking(seed: int, gain: float) -> Arrays:
    """Noisy neurons without and with a refractory period: potential of the first neuron,
    (steps + 1,), and spikes of all, (steps + 1, neurons)."""
    current_na = noisy_current_na(STEPS, NEURONS, seed, "primer spikes")
    arrays: Arrays = {
        "threshold_mv": np.array(MEMBRANE.threshold_mv),
        "refractory_ms": np.array(REFRACTORY_MS),
    }
    for name, refractory_ms in (("free", 0.0), ("refractory", REFRACTORY_MS)):
        population = Population(NEURONS, MEMBRANE, TIME_STEP_MS, gain, refractory_ms)
        potential_mv, spikes = population.run(current_na)
        arrays |= {f"{name}_mv": potential_mv[:, 0], f"{name}_spikes": spikes}
    return arrays


def _rates() -> Arrays:
    """Firing rates under constant currents, in closed form (200,) and measured (20,), without and
    with a refractory period."""
    smooth_na, current_na = np.linspace(0.0025, 0.5, 200), np.linspace(0.025, 0.5, 20)
    gain = MEMBRANE.exponential_gain(RATE_STEP_MS)
    held = np.broadcast_to(current_na, (RATE_STEPS, len(current_na)))
    arrays: Arrays = {"smooth_na": smooth_na, "current_na": current_na}
    for name, refractory_ms in (("free", 0.0), ("refractory", REFRACTORY_MS)):
        population = Population(len(current_na), MEMBRANE, RATE_STEP_MS, gain, refractory_ms)
        arrays |= {
            f"{name}_closed_hz": firing_rate_hz(smooth_na, MEMBRANE, refractory_ms),
            f"{name}_counted_hz": measured_rate_hz(population.run(held)[1], RATE_STEP_MS),
        }
    return arrays


def _adaptive() -> Arrays:
    """The neuron with adaptive threshold and regular incoming spikes; all (steps + 1,)."""
    drive = np.zeros(ADAPTIVE_STEPS)
    drive[DRIVEN_STEPS] = DRIVE_WEIGHT
    potential, threshold, spikes = ADAPTIVE.run(drive, TIME_STEP_MS)
    return {
        "adaptive_ms": np.arange(ADAPTIVE_STEPS + 1) * TIME_STEP_MS,
        "incoming": np.append(False, drive > 0),  # spikes that arrive in a step act at its end
        "potential": potential,
        "threshold": threshold,
        "adaptive_spikes": spikes,
    }

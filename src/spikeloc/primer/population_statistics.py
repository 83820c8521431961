"""Mean, variance and autocovariance over a population of noisy leaky integrators.

With the gain g of :mod:`spikeloc.primer.neurons`, ``q = 1 - g`` and independent currents of mean
I_mean and standard deviation s, the potential is an autoregressive process that starts at rest,

    V[n] = E_L + g R sum_{k<n} q^(n-1-k) I[k],

whose moments are exact whatever the distribution of the noise:

    mean[n]  = E_L + R I_mean (1 - q^n)
    var[n]   = (g R s)^2 (1 - q^(2n)) / (1 - q^2)
    cov[m,n] = q^|n-m| var[min(m, n)].

As dt goes to 0 with ``D = s^2 dt`` constant (white noise), it becomes an Ornstein-Uhlenbeck
process:

    mean(t)   = E_L + R I_mean (1 - exp(-t / tau))
    var(t)    = R^2 D / (2 tau) (1 - exp(-2 t / tau))
    cov(t,t') = exp(-|t - t'| / tau) var(min(t, t')).

Source: docs/model.md, "Neuron primer".
"""

from dataclasses import dataclass

import numpy as np

from spikeloc.primer.neurons import MEAN_CURRENT_NA, Floats, Membrane


@dataclass(frozen=True)
class Moments:
    """Mean (times,) in mV and autocovariance (times, times) in mV squared."""

    mean_mv: Floats
    covariance_mv2: Floats

    @property
    def variance_mv2(self) -> Floats:
        """Variance (times,) in mV squared."""
        return np.diagonal(self.covariance_mv2)


def sample_moments(potential_mv: Floats) -> Moments:
    """Moments of potentials (times, realisations), with N - 1 in the denominator."""
    return Moments(potential_mv.mean(1), np.cov(potential_mv))


def exact_moments(steps: int, membrane: Membrane, gain: float, noise_sd_na: float) -> Moments:
    """Exact moments in discrete time, at steps 0 to ``steps``, under currents of mean I_mean."""
    n = np.arange(steps + 1)
    decay = 1 - gain
    rise = membrane.resistance_mohm * MEAN_CURRENT_NA
    kick_mv = gain * membrane.resistance_mohm * noise_sd_na
    variance = kick_mv**2 * (1 - decay ** (2 * n)) / (1 - decay**2)
    earlier, lag = np.minimum.outer(n, n), np.abs(np.subtract.outer(n, n))
    return Moments(membrane.rest_mv + rise * (1 - decay**n), decay**lag * variance[earlier])


def limiting_moments(time_ms: Floats, membrane: Membrane, intensity_na2_ms: float) -> Moments:
    """Moments in continuous time (times,), under white noise of intensity D around I_mean."""
    tau_ms = membrane.tau_ms
    rise = membrane.resistance_mohm * MEAN_CURRENT_NA
    stationary = membrane.resistance_mohm**2 * intensity_na2_ms / (2 * tau_ms)
    earlier = np.minimum.outer(time_ms, time_ms)
    lag = np.abs(np.subtract.outer(time_ms, time_ms))
    return Moments(
        membrane.rest_mv - rise * np.expm1(-time_ms / tau_ms),
        -stationary * np.exp(-lag / tau_ms) * np.expm1(-2 * earlier / tau_ms),
    )


def standard_errors(moments: Moments, realisations: int) -> Moments:
    """Standard errors of sample moments of N normally distributed realisations.

    ``sqrt(var / N)`` for the mean and ``sqrt((var var' + cov^2) / (N - 1))`` for a covariance. Sums
    of uniform noise have lighter tails than normal variables, so their variances scatter less.
    """
    variance, covariance = moments.variance_mv2, moments.covariance_mv2
    scatter = np.multiply.outer(variance, variance) + covariance**2
    return Moments(np.sqrt(variance / realisations), np.sqrt(scatter / (realisations - 1)))

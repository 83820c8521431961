"""How much the spikes of one ear tell about the phase there, and the bound that follows from it
(docs/model.md, "Ideal observer")."""

import math

import numpy as np
import numpy.typing as npt

from spikeloc.config.parameters import StimulusParameters
from spikeloc.stimulus.generator import BIN_QUADRATURE, auditory_fibres, time_s
from spikeloc.stimulus.spike_jitter import jittered_envelope, polynomial

PHASES = 360


def fisher_information(
    stimulus: StimulusParameters, phase_rad: npt.ArrayLike, seed: int = 0, ear: int = 0
) -> npt.NDArray[np.float64]:
    """Fisher information (phases,) of an ear's spikes about the phase there, 1/rad^2, for the
    fibres of a seed.

    Bernoulli spikes: the sum over steps and fibres of
    ``p'^2 / (p (1 - p)) = k^2 R_max dt u^(k-1) (1 - u) / (1 - p)``, ``u = (1 + sin theta) / 2``.
    """
    delays, present = auditory_fibres(stimulus, seed)
    delay = delays[ear, present[ear]]
    bins = 2 * math.pi * stimulus.frequency_hz * time_s(stimulus)[:, None] + delay
    phases = np.atleast_1d(np.asarray(phase_rad, dtype=np.float64))
    # one at a time: there may be many bins
    return np.array([bin_information(stimulus, bins + phase).sum() for phase in phases])


def bin_information(
    stimulus: StimulusParameters, theta_rad: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Fisher information about the phase from one fibre's bin at each ``theta``, 1/rad^2."""
    k, most = stimulus.envelope_power, stimulus.spikes_per_bin
    if k == 0:
        return np.zeros(theta_rad.shape)
    if stimulus.bin_probability == "mean" or stimulus.spike_jitter_ms:
        return _smoothed_bin_information(stimulus, theta_rad)
    half = theta_rad / 2 + math.pi / 4
    u, rest = np.sin(half) ** 2, np.cos(half) ** 2
    none = 1 - most * u**k
    # where a spike is certain, u = 1 and (1 - u) / (1 - u^k) has the limit 1 / k
    ratio = np.divide(rest, none, out=np.full(u.shape, 1 / k), where=none > 0)
    return k**2 * most * u ** (k - 1) * ratio


def _smoothed_bin_information(
    stimulus: StimulusParameters, theta_rad: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Likewise ``p'^2 / (p (1 - p))`` where p is the mean over the bin or spikes are jittered."""
    k, most = stimulus.envelope_power, stimulus.spikes_per_bin
    jittered = jittered_envelope(stimulus) if stimulus.spike_jitter_ms else None
    places = BIN_QUADRATURE if stimulus.bin_probability == "mean" else ((0.0, 1.0),)
    bin_rad = 2 * math.pi * stimulus.cycles_per_bin
    spike, slope = np.zeros(theta_rad.shape), np.zeros(theta_rad.shape)
    for place, weight in places:
        half = (theta_rad + place * bin_rad) / 2 + math.pi / 4
        sine, cosine = np.abs(np.sin(half)), np.cos(half) * np.sign(np.sin(half))
        if jittered is None:
            spike += weight * most * sine ** (2 * k)
            slope += weight * most * k * sine ** (2 * k - 1) * cosine
        else:
            spike += weight * most * polynomial(jittered, sine**2)
            slope += weight * most * polynomial(np.polyder(jittered), sine**2) * sine * cosine
    return np.divide(
        slope**2, spike * (1 - spike), out=np.zeros(spike.shape), where=(spike > 0) & (spike < 1)
    )


def information_over_cycle(
    stimulus: StimulusParameters, phase_rad: npt.NDArray[np.float64], ipd_rad: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Fisher information (phases,) about the IPD that a bin adds where the two ears' mean phase is
    so far from the peak of the drive, mean over IPDs, 1/rad^2, for fibres without jitter, none of
    which is dropped.

    With the starting phase unknown, the ears' information J_L and J_R gives J_L J_R / (J_L + J_R)
    about the IPD. Where both are alike over a whole sample, bins that add dJ_L and dJ_R add
    ``(dJ_L + dJ_R) / 4`` to it.
    """
    first, last = stimulus.fibre_delay_min_deg, stimulus.fibre_delay_max_deg
    delay = np.linspace(math.radians(first), math.radians(last), stimulus.fibres_per_ear)
    delay -= math.radians((first + last) / 2)
    apart = np.multiply.outer([-0.5, 0.5], np.asarray(ipd_rad, dtype=np.float64))
    theta = math.pi / 2 + phase_rad[:, None, None, None] + apart[..., None] + delay
    return bin_information(stimulus, theta).sum(axis=(1, 3)).mean(axis=1) / 4


def cramer_rao_deg(stimulus: StimulusParameters, phase_known: bool, seed: int = 0) -> float:
    """Least sd of an unbiased estimate of the IPD, degrees; infinite without information; for the
    fibres of a seed.

    The variance is at least 1/J of the right ear if the starting phase is known, and 1/J of both
    ears together if not. It is averaged over the starting phase, on which J does not depend where
    a sample holds whole cycles and many fibres.
    """
    phases = (np.arange(PHASES) + 0.5) * (2 * math.pi / PHASES)
    ears = (1,) if phase_known else (0, 1)
    variance = 0.0
    for ear in ears:
        information = fisher_information(stimulus, phases, seed, ear)
        if not information.all():
            return math.inf
        variance += float(np.mean(1 / information))
    return math.degrees(math.sqrt(variance))

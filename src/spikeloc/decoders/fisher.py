"""How much the spikes of one ear tell about the phase there, and the bound that follows from it
(docs/model.md, "Ideal observer")."""

import math

import numpy as np
import numpy.typing as npt

from spikeloc.config.parameters import StimulusParameters
from spikeloc.stimulus.generator import fibre_delays_rad, time_s

PHASES = 360


def fisher_information(
    stimulus: StimulusParameters, phase_rad: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Fisher information (phases,) of an ear's spikes about the phase there, 1/rad^2.

    Bernoulli spikes: the sum over steps and fibres of
    ``p'^2 / (p (1 - p)) = k^2 R_max dt u^(k-1) (1 - u) / (1 - p)``, ``u = (1 + sin theta) / 2``.
    """
    delay = fibre_delays_rad(stimulus.fibres_per_ear)
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
    half = theta_rad / 2 + math.pi / 4
    u, rest = np.sin(half) ** 2, np.cos(half) ** 2
    none = 1 - most * u**k
    # where a spike is certain, u = 1 and (1 - u) / (1 - u^k) has the limit 1 / k
    ratio = np.divide(rest, none, out=np.full(u.shape, 1 / k), where=none > 0)
    return k**2 * most * u ** (k - 1) * ratio


def information_over_cycle(
    stimulus: StimulusParameters, phase_rad: npt.NDArray[np.float64], ipd_rad: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Fisher information (phases,) about the IPD that a bin adds where the two ears' mean phase is
    so far from the peak of the drive, mean over IPDs, 1/rad^2.

    With the starting phase unknown, the ears' information J_L and J_R gives J_L J_R / (J_L + J_R)
    about the IPD. Where both are alike over a whole sample, bins that add dJ_L and dJ_R add
    ``(dJ_L + dJ_R) / 4`` to it.
    """
    delay = fibre_delays_rad(stimulus.fibres_per_ear) - math.pi / 4
    apart = np.multiply.outer([-0.5, 0.5], np.asarray(ipd_rad, dtype=np.float64))
    theta = math.pi / 2 + phase_rad[:, None, None, None] + apart[..., None] + delay
    return bin_information(stimulus, theta).sum(axis=(1, 3)).mean(axis=1) / 4


def cramer_rao_deg(stimulus: StimulusParameters, phase_known: bool) -> float:
    """Least sd of an unbiased estimate of the IPD, degrees; infinite without information.

    The variance is at least 1/J of the right ear if the starting phase is known, and 1/J of both
    ears together if not. It is averaged over the starting phase, on which J does not depend where
    a sample holds whole cycles and many fibres.
    """
    phases = (np.arange(PHASES) + 0.5) * (2 * math.pi / PHASES)
    information = fisher_information(stimulus, phases)
    if not information.all():
        return math.inf
    variance = np.mean(1 / information)
    return math.degrees(math.sqrt(variance if phase_known else 2 * variance))

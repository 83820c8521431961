"""Spikes that come too early or too late: what this leaves of the envelope
(docs/model.md, "Stimulus").

Around its peak the envelope is ``(1/2 (1 + cos phi))^k = sum_n c_n cos(n phi)`` with n from 0 to k.
Independent normal displacements of all spikes multiply ``c_n`` by ``exp(-(2 pi f sd n)^2 / 2)``.
Since ``cos(n phi)`` is a polynomial of ``cos phi``, so is what is left.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.polynomial import Chebyshev, Polynomial

from spikeloc.config.parameters import StimulusParameters


def jittered_envelope(stimulus: StimulusParameters) -> npt.NDArray[np.float64]:
    """Coefficients (k + 1,) of the jittered envelope as a polynomial of ``u = 1/2 (1 + cos phi)``,
    the highest power first; its k-th power itself without jitter."""
    k = int(stimulus.envelope_power)
    spread = 2 * math.pi * stimulus.frequency_hz * stimulus.spike_jitter_ms / 1000
    harmonics = [
        (2 if n else 1) * math.comb(2 * k, k - n) / 4**k * math.exp(-((spread * n) ** 2) / 2)
        for n in range(k + 1)
    ]
    coefficients = np.zeros(k + 1)
    made = Chebyshev(harmonics, domain=[0, 1]).convert(kind=Polynomial).coef
    coefficients[: len(made)] = made
    return coefficients[::-1].copy()


def polynomial(coefficients: npt.NDArray[np.floating], at: Any) -> Any:
    """Its values at those of an array or a tensor, by Horner's rule.

    coefficients: the highest power first.
    """
    result = 0 * at + float(coefficients[0])
    for coefficient in coefficients[1:]:
        result = result * at + float(coefficient)
    return result

"""What a jitter of spikes leaves of the envelope."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from spikeloc.config.parameters import StimulusParameters
from spikeloc.stimulus.spike_jitter import jittered_envelope, polynomial


def test_two_harmonics_by_hand() -> None:
    # 3/8 + 1/2 cos phi + 1/8 cos 2 phi; at 25 Hz and 20 / pi ms their phases have an sd of 1 and 2
    stimulus = StimulusParameters(frequency_hz=25.0, spike_jitter_ms=20 / math.pi)
    phi = np.array([0.0, 1.1, math.pi])
    expected = 0.375 + 0.5 * math.exp(-0.5) * np.cos(phi) + 0.125 * math.exp(-2) * np.cos(2 * phi)
    made = polynomial(jittered_envelope(stimulus), 0.5 * (1 + np.cos(phi)))
    assert made == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("power", [0, 1, 3, 10])
def test_it_is_the_mean_over_displacements(power: int) -> None:
    stimulus = StimulusParameters(
        frequency_hz=40.0, envelope_power=float(power), spike_jitter_ms=3.0
    )
    for phi in (0.0, 0.7, 3.0):

        def displaced(ms: float, phi: float = phi) -> float:
            at = phi - 2 * math.pi * 40 * ms / 1000
            return float((0.5 * (1 + math.cos(at))) ** power * norm.pdf(ms, scale=3))

        expected, _ = quad(displaced, -30, 30)
        u = np.array([0.5 * (1 + math.cos(phi))])
        assert polynomial(jittered_envelope(stimulus), u) == pytest.approx(expected, abs=1e-9)


def test_no_jitter_leaves_the_power() -> None:
    made = jittered_envelope(StimulusParameters(envelope_power=3.0))
    assert made == pytest.approx([1, 0, 0, 0], abs=1e-15)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"spike_jitter_ms": 1.0, "envelope_power": 2.5}, "envelope_power of at most 10, not 2.5"),
        ({"spike_jitter_ms": 1.0, "envelope_power": 11.0}, "envelope_power of at most 10, not 11"),
        ({"spike_jitter_ms": -1.0}, "spike_jitter_ms"),
    ],
)
def test_impossible_jitter_is_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        StimulusParameters.model_validate(change)

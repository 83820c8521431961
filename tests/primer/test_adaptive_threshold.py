"""The neuron with an adaptive threshold against steps worked out by hand."""

import math

import numpy as np
import pytest

from spikeloc.primer.adaptive_threshold import AdaptiveState, AdaptiveThreshold

# per step of ln 2 ms, half of the potential and three quarters of the threshold's rise are lost
DYADIC = AdaptiveThreshold(tau_ms=1.0, threshold_tau_ms=0.5, threshold_jump=2.0)
STEP_MS = math.log(2)


def test_steps_by_hand() -> None:
    # V: 0.75; 0.375 + 0.75 = 1.125 > 1: spike, 0, and V_t = 1 + 2
    # V_t = 1 + 2/4 = 1.5 and V = 1.25 does not reach it
    # V_t = 1.125 and V = 0.625 + 1 = 1.625 does: spike, 0, and V_t = 1.125 + 2
    # then V_t = 1 + 2.125/4 and V = 0; 1 + 2.125/16
    drive = np.array([0.75, 0.75, 1.25, 1.0, 0.0, 0.0])
    potential, threshold, spikes = DYADIC.run(drive, STEP_MS)
    assert potential == pytest.approx([0, 0.75, 0, 1.25, 0, 0, 0])
    assert threshold == pytest.approx([1, 1, 3, 1.5, 3.125, 1.53125, 1.1328125])
    assert np.flatnonzero(spikes).tolist() == [2, 4]


def test_a_potential_of_exactly_the_threshold_does_not_spike() -> None:
    start = AdaptiveState(0.0, 1.0, False)
    assert DYADIC.step(start, 1.0, STEP_MS) == AdaptiveState(1.0, 1.0, False)
    assert DYADIC.step(start, np.nextafter(1.0, 2.0), STEP_MS).spike


def test_decay_between_spikes_is_exponential() -> None:
    neuron, state = AdaptiveThreshold(10.0, 60.0, 0.4), AdaptiveState(0.8, 2.5, False)
    for n in range(1, 101):
        state = neuron.step(state, 0.0, 0.3)
        assert state.potential == pytest.approx(0.8 * math.exp(-0.03 * n))
        assert state.threshold == pytest.approx(1 + 1.5 * math.exp(-0.005 * n))


def test_regular_spikes_raise_the_threshold_to_a_fixed_point() -> None:
    # a spike every 5 ms: it fires from 1 + delta / (exp(5 / 60) - 1) and jumps by delta
    neuron, drive = AdaptiveThreshold(10.0, 60.0, 0.4), np.zeros(1000)
    drive[::5] = 100.0
    _, threshold, spikes = neuron.run(drive, 1.0)
    times = np.flatnonzero(spikes)
    assert times.tolist() == list(range(1, 1001, 5))
    from_ = 1 + 0.4 / math.expm1(5 / 60)
    assert threshold[times[-1]] == pytest.approx(from_ + 0.4)
    assert (np.diff(threshold[times]) > 0).all()


def test_without_a_jump_it_is_an_ordinary_neuron() -> None:
    drive = np.full(50, 0.3)
    _, threshold, spikes = AdaptiveThreshold(10.0, 60.0, 0.0).run(drive, 1.0)
    assert (threshold == 1).all()
    # 0.3 (1 - a^n) / (1 - a) with a = exp(-1/10) exceeds 1 first at n = 4
    assert np.flatnonzero(spikes).tolist() == list(range(4, 51, 4))

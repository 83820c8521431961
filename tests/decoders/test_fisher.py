"""Fisher information by hand, by finite differences, and against the closed form."""

import math
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import beta

from spikeloc.config.parameters import StimulusParameters
from spikeloc.decoders.fisher import cramer_rao_deg, fisher_information
from spikeloc.stimulus.generator import Trials, auditory_fibres, spike_probability

pytestmark = pytest.mark.long

PHASES = np.array([0.1, 1.3, 4.0])


def poisson_information(stimulus: StimulusParameters) -> float:
    """Of one ear with Poisson spikes, over whole cycles: N T dt R k^2 B(k - 1/2, 3/2) / pi."""
    k = stimulus.envelope_power
    most = stimulus.fibres_per_ear * stimulus.steps * stimulus.spikes_per_bin
    return float(most * k**2 * beta(k - 0.5, 1.5) / math.pi)


@pytest.mark.parametrize("power", [1.0, 2.0, 2.5, 10.0])
def test_rare_spikes_are_poisson(power: float) -> None:
    # at 0.6 Hz no bin has p above 0.0006, so that 1 - p is 1 within that
    stimulus = StimulusParameters(envelope_power=power, rate_max_hz=0.6)
    expected = poisson_information(stimulus)
    assert fisher_information(stimulus, PHASES) == pytest.approx([expected] * 3, rel=7e-4)


def test_bins_worked_out_by_hand() -> None:
    # 250 Hz at 1 ms, one fibre, phase 0: u = 1/2, 1, 1/2, 0. With R dt = 1 and k = 2,
    # k^2 u (1 - u) / (1 - u^2) = 4/3, 2 (its limit, p being 1), 4/3, 0
    stimulus = StimulusParameters(
        frequency_hz=250.0, duration_ms=4.0, fibres_per_ear=1, rate_max_hz=1000.0
    )
    assert fisher_information(stimulus, 0.0) == pytest.approx([14 / 3])


@given(
    power=st.floats(1.5, 12), rate=st.floats(1, 900), phase=st.floats(0, 6.28),
    frequency=st.floats(5, 300), at=st.sampled_from(["start", "mean"]),
    jitter=st.sampled_from([0.0, 1.0]),
)  # fmt: skip
def test_information_is_that_of_the_stimulus(
    power: float,
    rate: float,
    phase: float,
    frequency: float,
    at: Literal["start", "mean"],
    jitter: float,
) -> None:
    power = min(round(power), 10) if jitter else power
    stimulus = StimulusParameters(
        envelope_power=float(power), rate_max_hz=rate, frequency_hz=frequency, fibres_per_ear=5,
        spike_jitter_ms=jitter,
        duration_ms=30.0, bin_probability=at, delay_jitter_deg=10.0,
    )  # fmt: skip
    step = 1e-5
    cycles = (phase + np.array([-step, 0, step])) / (2 * math.pi)
    trials, fibres = Trials(np.zeros(3), cycles), auditory_fibres(stimulus, 0)
    below, p, above = spike_probability(stimulus, trials, fibres)[:, :, :5]
    slope = (above - below) / (2 * step)
    usual = p > 1e-9
    expected = np.sum(slope[usual] ** 2 / (p * (1 - p))[usual])
    assert fisher_information(stimulus, phase).item() == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("power", [1.0, 2.0, 100.0])
def test_not_knowing_the_phase_costs_the_root_of_two(power: float) -> None:
    stimulus = StimulusParameters(envelope_power=power)
    known, unknown = (cramer_rao_deg(stimulus, phase_known) for phase_known in (True, False))
    assert unknown == pytest.approx(math.sqrt(2) * known)


def test_bound_of_the_papers_stimulus() -> None:
    # Poisson spikes would give 1/sqrt(3000) rad = 1.046 degrees; Bernoulli spikes tell more
    stimulus = StimulusParameters()
    information = fisher_information(stimulus, PHASES)
    assert information == pytest.approx([information[0]] * 3, rel=1e-3)  # at any phase
    bound = cramer_rao_deg(stimulus, phase_known=True)
    assert bound == pytest.approx(math.degrees(1 / math.sqrt(information[0])), rel=1e-3)
    assert 0.9 < bound < 1.046


def test_bound_is_averaged_over_phases_of_part_of_a_cycle() -> None:
    # a fifth of a cycle and no delays: information that depends on the phase
    stimulus = StimulusParameters(duration_ms=10.0, fibres_per_ear=1)
    phases = np.linspace(0, 2 * math.pi, 5000, endpoint=False)
    information = fisher_information(stimulus, phases)
    assert information.max() > 2 * information.min()
    expected = math.degrees(math.sqrt(np.mean(1 / information)))
    assert cramer_rao_deg(stimulus, phase_known=True) == pytest.approx(expected, rel=1e-2)


@pytest.mark.parametrize("change", [{"envelope_power": 0.0}, {"rate_max_hz": 0.0}])
def test_without_information_there_is_no_bound(change: dict[str, float]) -> None:
    stimulus = StimulusParameters.model_validate(change)
    assert fisher_information(stimulus, PHASES).tolist() == [0, 0, 0]
    assert cramer_rao_deg(stimulus, phase_known=True) == math.inf

"""The stimulus against its formula, against exact binomial bounds, and sample by sample."""

import math
from typing import Any

import numpy as np
import pytest
from helpers import BACKENDS
from hypothesis import given
from hypothesis import strategies as st
from philox import plain_words
from plain import Floats
from scipy.stats import binom

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.stimulus.classes import class_midpoint_rad, ipd_class
from spikeloc.stimulus.generator import (
    Trials,
    auditory_fibres,
    draw_spikes,
    draw_trials,
    make_data_set,
    spike_probability,
)

POWERS = [0.0, 1.0, 2.0, 10.0, 2.5]
PHASES = ["per_sample", "per_dataset"]
SMALL: dict[str, Any] = {"fibres_per_ear": 9, "duration_ms": 30.0}


def plain_probability(stimulus: StimulusParameters, trials: Trials) -> Floats:
    """p = R dt (1/2 (1 + sin theta))^k, the sine taken at every bin."""
    n, dt_s = stimulus.fibres_per_ear, stimulus.time_step_ms / 1000
    delay = np.array([j * math.pi / 2 / (n - 1) for j in range(n)])
    t = np.arange(stimulus.steps)
    p = np.empty((len(trials), stimulus.steps, 2 * n))
    for i, (ipd, phase) in enumerate(zip(trials.ipd_rad, trials.phase_cycles, strict=True)):
        tone = 2 * math.pi * (stimulus.frequency_hz * t * dt_s + phase)
        for first, ear in ((0, 0.0), (n, ipd)):
            envelope = 0.5 * (1 + np.sin(tone[:, None] + ear + delay[None, :]))
            p[i, :, first : first + n] = (
                stimulus.rate_max_hz * dt_s * envelope**stimulus.envelope_power
            )
    return p


@pytest.mark.parametrize("power", [*POWERS, 3.0, 100.0])
def test_probability_is_the_formula(power: float) -> None:
    stimulus = StimulusParameters(envelope_power=power, frequency_hz=37.0)
    trials = draw_trials(stimulus, 1, "training", 6)
    made = spike_probability(stimulus, trials, auditory_fibres(stimulus, 1))
    np.testing.assert_allclose(made, plain_probability(stimulus, trials), rtol=0, atol=1e-12)
    assert made.min() >= 0 and made.max() <= 0.6


def test_probability_at_bins_worked_out_by_hand() -> None:
    # 250 Hz at 1 ms: a quarter cycle a step. Left ear, first fibre (delay 0), phase 0:
    # sin = 0, 1, 0, -1 -> 0.6 (1/2, 1, 1/2, 0)^2; the right ear, IPD pi/2, is a step ahead;
    # the last fibre has the delay pi/2, which does the same
    stimulus = StimulusParameters(frequency_hz=250.0, duration_ms=4.0, fibres_per_ear=2)
    trials = Trials(np.array([math.pi / 2]), np.zeros(1))
    p = spike_probability(stimulus, trials, auditory_fibres(stimulus, 1))[0]
    turn = [0.15, 0.6, 0.15, 0.0]
    for j, ahead in enumerate([0, 1, 1, 2]):
        assert p[:, j] == pytest.approx(np.roll(turn, -ahead), abs=1e-15)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("power", POWERS)
def test_spike_counts_fit_their_probabilities(power: float, phase: Any, backend: Backend) -> None:
    stimulus = StimulusParameters(envelope_power=power, phase=phase)
    data = make_data_set(stimulus, 11, "training", 30, backend=backend)
    p = plain_probability(stimulus, data.trials).ravel()
    spikes = data.spikes.unpack().ravel()
    # Bins by probability, 40 groups: with a count of bins n and probabilities from a to b, the
    # spikes lie between Binomial(n, a) and Binomial(n, b). 1e-6 / 40 is allowed at each end.
    for group in np.array_split(np.argsort(p, kind="stable"), 40):
        low, high, n = p[group].min(), min(p[group].max() + 1e-12, 1.0), len(group)
        count = spikes[group].sum()
        assert binom.ppf(2.5e-8, n, low) <= count <= binom.isf(2.5e-8, n, high)


def test_spikes_of_a_bin_are_independent_over_samples() -> None:
    # the same trial 400 times: counts of a bin are Binomial(400, p), so that their variance over
    # 400 p (1 - p) is 1 on average over 3960 bins, with an sd of about sqrt(2 / 3960) = 0.022
    stimulus = StimulusParameters(fibres_per_ear=20, envelope_power=1.0)
    trials = Trials(np.full(400, 0.4), np.full(400, 0.1))
    count = draw_spikes(stimulus, 3, "test", trials).unpack().sum(0)
    p = plain_probability(stimulus, trials)[0]
    usual = p > 0.01
    spread = (count - 400 * p)[usual] ** 2 / (400 * p * (1 - p))[usual]
    assert spread.mean() == pytest.approx(1, abs=0.11)


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_rate_never_spikes_and_a_probability_of_one_always(backend: Backend) -> None:
    silent = StimulusParameters(rate_max_hz=0.0, **SMALL)
    assert not make_data_set(silent, 1, "training", 6, backend=backend).spikes.unpack().any()
    certain = StimulusParameters(rate_max_hz=1000.0, envelope_power=0.0, **SMALL)
    assert make_data_set(certain, 1, "training", 6, backend=backend).spikes.unpack().all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_draws_are_32_bits_the_lower_half_of_a_word_first(backend: Backend) -> None:
    # p = 1/2: a spike if the draw is below 2^31. 4 steps of 6 fibres: 24 draws, 12 words a sample
    stimulus = StimulusParameters(
        rate_max_hz=500.0, envelope_power=0.0, fibres_per_ear=3, duration_ms=4.0
    )
    spikes = make_data_set(stimulus, 5, "test", 3, backend=backend).spikes.unpack()
    for sample in range(3):
        words = plain_words(5, "test/spikes", 12, sample)
        draws = [half for word in words for half in (word % 2**32, word >> 32)]
        assert spikes[sample].ravel().tolist() == [draw < 2**31 for draw in draws]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("offset", [0, 1])
def test_the_threshold_is_exact(offset: int, backend: Backend) -> None:
    # a draw d spikes at p = (d + 1) / 2^32 and not at p = d / 2^32; all bins have the same p
    draw = plain_words(5, "test/spikes", 1, 0)[0] % 2**32
    rate = (draw + offset) / 2**32 * 1000
    stimulus = StimulusParameters(rate_max_hz=rate, envelope_power=0.0, **SMALL)
    assert math.floor(stimulus.spikes_per_bin * 2**32) == draw + offset  # no rounding in the way
    spikes = make_data_set(stimulus, 5, "test", 1, backend=backend).spikes.unpack()
    assert spikes[0, 0, 0] == bool(offset)


@pytest.mark.parametrize("backend", BACKENDS)
@given(first=st.integers(0, 25), samples=st.integers(1, 12), phase=st.sampled_from(PHASES))
def test_samples_made_alone_are_those_of_their_data_set(
    first: int, samples: int, phase: Any, backend: Backend
) -> None:
    stimulus = StimulusParameters(phase=phase, **SMALL)
    whole = make_data_set(stimulus, 2, "training", 37, backend=backend)
    part = make_data_set(stimulus, 2, "training", samples, first, backend)
    chosen = slice(first, first + samples)
    assert np.array_equal(part.trials.ipd_rad, whole.trials.ipd_rad[chosen])
    assert np.array_equal(part.trials.phase_cycles, whole.trials.phase_cycles[chosen])
    assert np.array_equal(part.spikes.bits, whole.spikes.bits[chosen])


@pytest.mark.parametrize("phase", PHASES)
def test_a_larger_data_set_begins_with_the_smaller_one(phase: Any) -> None:
    stimulus = StimulusParameters(phase=phase, **SMALL)
    few, many = (make_data_set(stimulus, 2, "training", n) for n in (5, 23))
    assert np.array_equal(few.spikes.bits, many.spikes.bits[:5])
    assert np.array_equal(few.trials.phase_cycles, many.trials.phase_cycles[:5])


def test_the_starting_phase_is_drawn_per_sample_or_per_data_set() -> None:
    one = draw_trials(StimulusParameters(phase="per_dataset"), 1, "training", 500)
    each = draw_trials(StimulusParameters(phase="per_sample"), 1, "training", 500)
    test = draw_trials(StimulusParameters(phase="per_dataset"), 1, "test", 500)
    assert len(set(one.phase_cycles)) == 1 and len(set(each.phase_cycles)) == 500
    assert one.phase_cycles[0] != test.phase_cycles[0]
    assert np.array_equal(one.ipd_rad, each.ipd_rad)  # paired: the mode changes nothing else
    # 500 numbers over (0, 1): the ends are missed by more than 0.03 once in 0.97^-500 = 4e6
    assert 0 <= each.phase_cycles.min() < 0.03 and 0.97 < each.phase_cycles.max() < 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_data_set_at_a_given_phase_is_the_one_that_has_drawn_it(backend: Backend) -> None:
    whole = make_data_set(
        StimulusParameters(phase="per_dataset", **SMALL), 6, "test", 9, backend=backend
    )
    each = StimulusParameters(phase="per_sample", **SMALL)
    phase = whole.trials.phase_cycles[0]
    trials = draw_trials(each, 6, "test", 5, first=4).at_phase(phase)
    assert trials.phase_cycles.tolist() == [phase] * 5
    spikes = draw_spikes(each, 6, "test", trials, first=4, backend=backend)
    assert np.array_equal(spikes.bits, whole.spikes.bits[4:])


def test_ipds_are_uniform_over_half_a_turn() -> None:
    ipd = draw_trials(StimulusParameters(), 4, "training", 12_000).ipd_rad
    assert -math.pi / 2 <= ipd.min() and ipd.max() < math.pi / 2
    counts = np.bincount(np.floor((ipd / math.pi + 0.5) * 12).astype(int), minlength=12)
    # Binomial(12000, 1/12), 1e-6 / 12 at each end
    low, high = binom.ppf(8e-8, 12_000, 1 / 12), binom.isf(8e-8, 12_000, 1 / 12)
    assert len(counts) == 12 and (low <= counts).all() and (counts <= high).all()


def test_purposes_and_seeds_give_different_data() -> None:
    stimulus = StimulusParameters(**SMALL)
    sums = {
        make_data_set(stimulus, seed, purpose, 4).spikes.checksum()
        for seed in (1, 2)
        for purpose in ("training", "validation", "test")
    }
    assert len(sums) == 6


@pytest.mark.parametrize(
    ("degrees", "index"),
    [(-90, 0), (-75.001, 0), (-74.999, 1), (-0.001, 5), (0, 6), (14.999, 6), (15.001, 7), (90, 11)],
)
def test_classes_are_bins_of_fifteen_degrees(degrees: float, index: int) -> None:
    # floor((degrees + 90) / 15); the upper end, which is never drawn, belongs to the last
    assert ipd_class(np.array([math.radians(degrees)]), 12).tolist() == [index]


def test_midpoints_lie_between_the_edges() -> None:
    midpoints = np.degrees(class_midpoint_rad(np.arange(12), 12))
    expected = [-82.5, -67.5, -52.5, -37.5, -22.5, -7.5, 7.5, 22.5, 37.5, 52.5, 67.5, 82.5]
    assert midpoints == pytest.approx(expected, abs=1e-12)
    assert ipd_class(np.radians(midpoints), 12).tolist() == list(range(12))

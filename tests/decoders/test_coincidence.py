"""The hand-built localiser: its pairs, its detectors by hand, and what it can and cannot hear."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from helpers import BACKENDS, CPU
from hypothesis import given
from hypothesis import strategies as st
from plain import plain_hidden

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.decoders.coincidence import (
    Pairs,
    count_spikes,
    delay_pairs,
    estimated_class,
    localiser,
    needs_both_ears,
    spikes_per_pair,
)
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.stimulus.classes import class_midpoint_rad, ipd_class
from spikeloc.stimulus.generator import (
    DataSet,
    Trials,
    auditory_fibres,
    make_data_set,
    spike_probability,
)
from spikeloc.stimulus.spike_trains import SpikeTrains

HALF_MS = 1 / math.log(2)  # alpha = 1/2
QUARTER_MS = 1 / math.log(4)
Spikes = npt.NDArray[np.bool_]


def presented(spikes: Any) -> tuple[EnsembleData, StimulusParameters]:
    """Given spikes (samples, steps, 2N) as one data set, and a stimulus of that size."""
    train = SpikeTrains.pack(np.asarray(spikes, dtype=bool), 1.0)
    samples, steps, inputs = np.shape(spikes)
    nothing = Trials(np.zeros(samples), np.zeros(samples))
    stimulus = StimulusParameters(fibres_per_ear=inputs // 2, duration_ms=float(steps))
    return EnsembleData.from_data_sets([DataSet(nothing, train)], 12, CPU), stimulus


def counts_of(
    spikes: Any, pairs: Pairs, weight: float, tau_ms: float, backend: Backend = "auto"
) -> npt.NDArray[np.int64]:
    """Spikes (samples, pairs) of detectors at given input spikes."""
    data, stimulus = presented(spikes)
    return count_spikes(localiser(pairs, weight, tau_ms, stimulus, backend), data)[0]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_detector_by_hand(backend: Backend) -> None:
    # weight 0.6, alpha 1/2. v is 1.2 at t = 1: a spike at 2, when v is still 0.6; the spike in one
    # ear at t = 2 is lost in the reset, v[3] = 0. Then one ear alone: v[4] = 0.6, v[5] = 0.9,
    # v[6] = 1.05: a spike at 7. Both ears at t = 7 are lost in its reset, v[8] = 0.
    left = [1, 0, 1, 1, 1, 1, 0, 1, 0, 0]
    right = [1, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    spikes = np.stack([left, right], axis=-1)[None]
    pair = delay_pairs(1, 1)
    assert counts_of(spikes, pair, 0.6, HALF_MS, backend).tolist() == [[2]]
    # alpha 1/4: one ear alone comes to 0.6, 0.75, 0.7875, 0.797 < 1, so both at t = 7 are heard:
    # v[7] = 0.199, v[8] = 1.25, a spike at 9
    assert counts_of(spikes, pair, 0.6, QUARTER_MS, backend).tolist() == [[2]]
    assert counts_of(spikes[:, :7], pair, 0.6, QUARTER_MS, backend).tolist() == [[1]]
    assert counts_of(spikes[:, :8], pair, 0.6, HALF_MS, backend).tolist() == [[2]]


@pytest.mark.parametrize("backend", BACKENDS)
def test_detectors_are_the_neuron_of_plain_loops(backend: Backend) -> None:
    stimulus = StimulusParameters(fibres_per_ear=6, duration_ms=30.0)
    data = make_data_set(stimulus, 3, "test", 70)  # more than one batch of the reference
    pairs = delay_pairs(6, 5)
    network = localiser(pairs, 0.7, 2.0, stimulus, backend)
    made = count_spikes(network, EnsembleData.from_data_sets([data], 5, CPU))[0]
    drive = 0.7 * (data.spikes.unpack()[..., pairs.left] + 0.0)
    drive += 0.7 * data.spikes.unpack()[..., 6 + pairs.right]
    expected = [plain_hidden(each, math.exp(-1 / 2))[1].sum(0) for each in drive]
    assert made.tolist() == np.array(expected).tolist() and made.sum() > 100


def test_pairs_of_the_paper() -> None:
    # midpoints +-7.5, ..., +-82.5 degrees in steps of 90/99: 8.25, 24.75, 41.25, 57.75, 74.25 and
    # 90.75, so 8, 25, 41, 58, 74 and 91 fibres apart
    pairs = delay_pairs(100, 12)
    half = [92, 75, 59, 42, 26, 9]
    assert np.bincount(pairs.bank).tolist() == half[::-1] + half
    last = pairs.bank == 11
    assert pairs.left[last].tolist() == list(range(91, 100))
    assert pairs.right[last].tolist() == list(range(9))


@given(fibres=st.integers(1, 150), classes=st.integers(1, 40))
def test_delays_of_a_pair_differ_by_what_its_class_stands_for(fibres: int, classes: int) -> None:
    pairs = delay_pairs(fibres, classes)
    delay = np.linspace(0, math.pi / 2, fibres)
    apart = delay[pairs.left] - delay[pairs.right]
    half_step = math.pi / 4 / (fibres - 1) if fibres > 1 else math.pi / 2
    assert (np.abs(apart - class_midpoint_rad(pairs.bank, classes)) <= half_step + 1e-9).all()
    assert (np.diff(pairs.bank) >= 0).all() and set(pairs.bank) == set(range(classes))
    assert len(set(zip(pairs.left, pairs.right, pairs.bank, strict=True))) == len(pairs)
    # all there are: as many as fit between 0 and 90 degrees
    lag = (pairs.left - pairs.right)[np.unique(pairs.bank, return_index=True)[1]]
    assert np.bincount(pairs.bank).tolist() == (fibres - np.abs(lag)).tolist()


@pytest.mark.parametrize("bank", [0, 5, 9, 11])
def test_both_fibres_are_in_phase_at_the_ipd_of_their_class(bank: int) -> None:
    stimulus, pairs = StimulusParameters(), delay_pairs(100, 12)
    pairs = pairs.take(np.flatnonzero(pairs.bank == bank))
    here, there = class_midpoint_rad(np.array([bank, 11 - bank]), 12)
    trials = Trials(np.array([here, there]), np.full(2, 0.3))
    probability = spike_probability(stimulus, trials, auditory_fibres(stimulus, 1))
    apart = np.abs(probability[..., pairs.left] - probability[..., 100 + pairs.right]).max((1, 2))
    # 0.23 degrees off at most, and p = 0.6 (1 + sin)^2 / 4 rises by 0.4 a radian at most
    assert apart[0] < 0.002 and apart[1] > 0.05


@given(fibres=st.integers(1, 120), classes=st.integers(1, 14), most=st.integers(1, 150))
def test_banks_are_thinned_evenly(fibres: int, classes: int, most: int) -> None:
    every = delay_pairs(fibres, classes)
    pairs = every.take(every.spread(most))
    sizes = np.minimum(np.bincount(every.bank), most)
    assert np.bincount(pairs.bank).tolist() == sizes.tolist()
    for bank, size in enumerate(sizes):
        gaps = np.diff(pairs.left[pairs.bank == bank])
        assert size == 1 or (gaps.min() >= 1 and gaps.max() - gaps.min() <= 1)
    mirrored = list(zip(pairs.right, pairs.left, classes - 1 - pairs.bank, strict=True))
    assert set(mirrored) == set(zip(pairs.left, pairs.right, pairs.bank, strict=True))


def test_weights_join_two_fibres_and_one_bank() -> None:
    stimulus = StimulusParameters(fibres_per_ear=3)
    network = localiser(delay_pairs(3, 2), 0.75, 1.0, stimulus)  # 45 degrees: a step apart
    # bank 0: (left 0, right 1), (1, 2); bank 1: (1, 0), (2, 1); inputs 3 to 5 are the right ear
    expected = np.zeros((6, 4))
    for unit, fibres in enumerate([(0, 4), (1, 5), (1, 3), (2, 4)]):
        expected[list(fibres), unit] = 0.75
    assert network.w1.tolist() == expected.tolist()
    assert network.w2.argmax(1).tolist() == [0, 0, 1, 1] and network.w2.sum() == 4


one_ear = st.lists(st.booleans(), min_size=60, max_size=60)


@given(weight=st.floats(0.51, 0.99), tau_ms=st.floats(0.05, 30), train=one_ear, ear=st.booleans())
def test_one_ear_alone_never_fires_a_detector_that_needs_both(
    weight: float, tau_ms: float, train: list[bool], ear: bool
) -> None:
    spikes = np.zeros((2, 60, 2), dtype=bool)
    spikes[0, :, int(ear)] = train
    spikes[1, :, int(ear)] = True  # the strongest input of one ear
    fired = counts_of(spikes, delay_pairs(1, 1), weight, tau_ms)[:, 0] > 0
    # the limit w / (1 - alpha) of the potential; 60 bins and rounding leave it a little below
    limit = weight / (1 - math.exp(-1 / tau_ms))
    assert needs_both_ears(weight, tau_ms, 1.0) == (limit <= 1)
    if limit <= 1:
        assert not fired.any()
    elif limit > 1.001 + math.exp(-57 / tau_ms) * limit:
        assert fired[1]


@given(weight=st.floats(0.51, 0.99), tau_ms=st.floats(0.05, 30), bin_=st.integers(0, 57))
def test_both_ears_at_once_fire_and_one_spike_does_not(
    weight: float, tau_ms: float, bin_: int
) -> None:
    spikes = np.zeros((3, 60, 2), dtype=bool)
    spikes[0, bin_] = True
    spikes[1, bin_, 0] = spikes[2, bin_, 1] = True
    counts = counts_of(spikes, delay_pairs(1, 1), weight, tau_ms)[:, 0]
    assert counts[0] > 0 and counts[1:].tolist() == [0, 0]


def test_both_ears_are_needed_below_a_time_constant_of_one_and_a_half_bins() -> None:
    # w > 1/2 and w <= 1 - exp(-dt / tau): tau < dt / ln 2 = 1.4427 dt
    assert needs_both_ears(0.5001, 1.44, 1.0) and not needs_both_ears(0.5001, 1.45, 1.0)
    assert needs_both_ears(0.5001, 0.144, 0.1) and not needs_both_ears(0.5001, 0.145, 0.1)


def test_swapped_ears_mirror_the_banks() -> None:
    stimulus = StimulusParameters(fibres_per_ear=40)
    spikes = make_data_set(stimulus, 5, "test", 30).spikes.unpack()
    swapped = np.concatenate([spikes[..., 40:], spikes[..., :40]], axis=-1)
    every = delay_pairs(40, 12)
    for most in (3, 100):
        pairs = every.take(every.spread(most))
        plain, mirrored = (
            spikes_per_pair(counts_of(each, pairs, 0.8, 3.0), pairs) for each in (spikes, swapped)
        )
        assert np.array_equal(mirrored, plain[:, ::-1])


def test_spikes_are_divided_by_pairs_and_ties_go_to_the_lowest_class() -> None:
    pairs = Pairs(np.arange(6), np.arange(6), np.array([0, 1, 1, 1, 2, 2]))
    counts = np.array(
        [[2, 1, 2, 3, 2, 3], [1, 1, 1, 1, 1, 1], [0, 9, 0, 0, 2, 4], [1, 1, 0, 2, 0, 3]]
    )
    per_pair = spikes_per_pair(counts, pairs)
    assert per_pair.tolist() == [[2, 2, 2.5], [1, 1, 1], [0, 3, 3], [1, 1, 1.5]]
    assert estimated_class(per_pair).tolist() == [2, 0, 1, 2]


def accuracy(power: float, samples: int = 300) -> float:
    """Share of right answers of detectors that need both ears."""
    stimulus = StimulusParameters(envelope_power=power)
    data = make_data_set(stimulus, 1, "test", samples)
    pairs = delay_pairs(100, 12)
    network = localiser(pairs, 0.55, 0.5, stimulus)
    counts = count_spikes(network, EnsembleData.from_data_sets([data], 12, CPU))[0]
    estimated = estimated_class(spikes_per_pair(counts, pairs))
    return float(np.mean(estimated == ipd_class(data.trials.ipd_rad, 12)))


def test_it_guesses_where_there_is_nothing_to_hear() -> None:
    # Binomial(300, 1/12): 4.9 sd of 0.016 hold all but one in a million
    assert accuracy(0.0) == pytest.approx(1 / 12, abs=0.078)


def test_it_hears_better_the_sharper_the_envelope() -> None:
    assert accuracy(0.0) < 0.2 < 0.35 < accuracy(2.0) < 0.6 < 0.85 < accuracy(100.0)

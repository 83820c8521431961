"""Fibres with other delays, jitter, gaps, and probabilities that are means over a bin."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from spikeloc.config.parameters import RunParameters, StimulusParameters
from spikeloc.io.errors import InputError
from spikeloc.native import use_native
from spikeloc.stimulus.generator import (
    Trials,
    auditory_fibres,
    draw_trials,
    make_data_set,
    spike_probability,
)

SMALL: dict[str, Any] = {"fibres_per_ear": 9, "duration_ms": 30.0, "frequency_hz": 37.0}
CHANGES: list[dict[str, Any]] = [
    {"fibre_delay_min_deg": -30.0, "fibre_delay_max_deg": 60.0},
    {"fibre_delay_max_deg": 0.0},
    {"fibres_dropped": 0.5},
    {"delay_jitter_deg": 15.0, "fibres_dropped": 0.25},
    {"spike_jitter_ms": 4.0, "delay_jitter_deg": 15.0, "fibres_dropped": 0.25},
    {"bin_probability": "mean", "delay_jitter_deg": 15.0},
]
# many normal deviations of equal probability
DEVIATIONS = norm.ppf((np.arange(2000) + 0.5) / 2000)


def stimulus_with(change: dict[str, Any]) -> StimulusParameters:
    return StimulusParameters.model_validate(SMALL | change)


def rate(stimulus: StimulusParameters, delay: float, start: float, time_s: float) -> float:
    """Spike probability per bin at a time: the formula."""
    theta = 2 * math.pi * (stimulus.frequency_hz * time_s + start) + delay
    envelope = (0.5 * (1 + math.sin(theta))) ** stimulus.envelope_power
    return stimulus.rate_max_hz * stimulus.time_step_ms / 1000 * envelope


@pytest.mark.parametrize("change", CHANGES)
def test_probability_is_a_plain_loop_over_fibres_and_bins(change: dict[str, Any]) -> None:
    stimulus = stimulus_with(change)
    fibres = auditory_fibres(stimulus, 5)
    trials = Trials(np.array([0.4, -1.2]), np.array([0.1, 0.9]))
    expected = np.zeros((2, stimulus.steps, 18))
    for sample, fibre, step in np.ndindex(2, 18, stimulus.steps):
        ear, j = divmod(fibre, 9)
        if not fibres.present[ear, j]:
            continue
        start = trials.phase_cycles[sample] + ear * trials.ipd_rad[sample] / (2 * math.pi)
        delay = fibres.delay_rad[ear, j]
        if stimulus.bin_probability == "mean":
            mean = quad(lambda t: rate(stimulus, delay, start, t), step / 1000, (step + 1) / 1000)  # noqa: B023
            expected[sample, step, fibre] = 1000 * mean[0]
        elif stimulus.spike_jitter_ms:
            times = step / 1000 + 0.001 * stimulus.spike_jitter_ms * DEVIATIONS
            rates = [rate(stimulus, delay, start, time) for time in times]
            expected[sample, step, fibre] = np.mean(rates)
        else:
            expected[sample, step, fibre] = rate(stimulus, delay, start, step / 1000)
    made = spike_probability(stimulus, trials, fibres)
    few = 2e-5 if stimulus.spike_jitter_ms else 1e-8  # of the deviations
    np.testing.assert_allclose(made, expected, rtol=0, atol=few)


def test_the_mean_over_a_bin_of_half_a_cycle() -> None:
    # k = 1, and the bin holds the upper half of the sine: 1/2 (1 + mean sin) = 1/2 + 1/pi
    stimulus = StimulusParameters(
        frequency_hz=500.0, envelope_power=1.0, duration_ms=4.0, fibres_per_ear=1,
        bin_probability="mean",
    )  # fmt: skip
    fibres = auditory_fibres(stimulus, 0)
    (p,) = spike_probability(stimulus, Trials(np.zeros(1), np.zeros(1)), fibres)
    assert p[:, 0] == pytest.approx(0.6 * (0.5 + np.array([1, -1, 1, -1]) / math.pi), abs=1e-7)


def test_a_seed_has_its_own_fibres_in_all_its_data_sets() -> None:
    stimulus = StimulusParameters(delay_jitter_deg=8.0, fibres_dropped=0.3)
    delay, present = auditory_fibres(stimulus, 1)
    nominal = np.linspace(0, math.pi / 2, 100)
    assert np.degrees(np.std(delay - nominal)) == pytest.approx(8, rel=0.15)
    assert not np.array_equal(delay[0], delay[1])
    assert (~present).sum() == 60  # of 200
    other = auditory_fibres(stimulus, 2)
    assert not np.array_equal(other.present, present)
    assert not np.allclose(other.delay_rad, delay)
    for purpose in ("training", "test"):
        spikes = make_data_set(stimulus, 1, purpose, 40).spikes.unpack()
        assert np.array_equal(spikes.any((0, 1)), present.ravel())


@pytest.mark.parametrize("change", CHANGES[:5])
def test_the_native_core_draws_the_same_bits(change: dict[str, Any]) -> None:
    if not use_native("auto"):
        pytest.skip("the native core was not built")
    stimulus = stimulus_with(change)
    ours, theirs = (
        make_data_set(stimulus, 4, "test", 20, backend=backend).spikes.bits
        for backend in ("native", "reference")
    )
    assert ours.any() and (ours == theirs).all()


@pytest.mark.parametrize("change", CHANGES[5:])
def test_the_native_core_refuses_what_it_lacks(change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="backend: the native core cannot draw"):
        make_data_set(stimulus_with(change), 4, "test", 2, backend="native")


@pytest.mark.parametrize("change", CHANGES)
def test_any_sample_can_be_made_alone(change: dict[str, Any]) -> None:
    stimulus = stimulus_with(change)
    whole = make_data_set(stimulus, 2, "training", 7)
    part = make_data_set(stimulus, 2, "training", 2, first=5)
    assert (whole.spikes.bits[5:] == part.spikes.bits).all()


def test_parameters_at_their_defaults_are_not_written() -> None:
    new = {"fibre_delay_min_deg", "fibre_delay_max_deg", "delay_jitter_deg", "fibres_dropped"}
    new |= {"bin_probability", "spike_jitter_ms"}
    assert not new & set(StimulusParameters().model_dump())
    assert "fibres_dropped" in StimulusParameters(fibres_dropped=0.1).model_dump()
    changed = RunParameters(stimulus=StimulusParameters(fibres_dropped=0.1))
    assert changed.network_name([1]) != RunParameters().network_name([1])
    assert len(draw_trials(StimulusParameters(), 1, "test", 3)) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frequency_hz": 501.0}, "frequency_hz: 501 is above half the sampling rate, 500 Hz"),
        ({"fibre_delay_min_deg": 91.0}, "fibre_delay_min_deg: 91 is above fibre_delay_max_deg, 90"),
        ({"fibres_dropped": 1.0}, "fibres_dropped"),
        ({"delay_jitter_deg": -1.0}, "delay_jitter_deg"),
        ({"bin_probability": "end"}, "bin_probability"),
    ],
)
def test_impossible_values_are_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        StimulusParameters.model_validate(change)

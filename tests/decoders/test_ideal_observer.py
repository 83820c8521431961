"""The ideal observer against direct sums, the bound on its error, and what is known of it."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.config.parameters import StimulusParameters
from spikeloc.decoders import ideal_observer
from spikeloc.decoders.fisher import cramer_rao_deg
from spikeloc.decoders.ideal_observer import (
    Estimates,
    Grid,
    estimate,
    known_posterior,
    observed_data,
    unknown_posterior,
)
from spikeloc.decoders.likelihood import log_likelihood, period_steps
from spikeloc.stimulus.classes import ipd_class
from spikeloc.stimulus.generator import (
    DataSet,
    Floats,
    Trials,
    auditory_fibres,
    spike_probability,
)

SMALL: dict[str, Any] = {"fibres_per_ear": 9, "duration_ms": 30.0}


def direct_log_likelihood(
    stimulus: StimulusParameters, data: DataSet, ear: int, phase_rad: Floats
) -> Floats:
    """(samples, phases): the definition, from the generator's own probabilities."""
    none = np.zeros(len(phase_rad))
    n = stimulus.fibres_per_ear
    own = slice(ear * n, (ear + 1) * n)
    trials, fibres = Trials(none, phase_rad / (2 * math.pi)), auditory_fibres(stimulus, 3)
    p = spike_probability(stimulus, trials, fibres)[:, :, own]
    spikes = data.spikes.unpack()[:, None, :, own]
    with np.errstate(divide="ignore"):
        return np.sum(np.where(spikes, np.log(p), np.log1p(-p)), axis=(2, 3))


def shares(posterior: torch.Tensor | Floats) -> Floats:
    """Normalised."""
    array = np.asarray(posterior)
    return array / array.sum(1, keepdims=True)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"frequency_hz": 250.0},  # repeats after 4 steps, the last time within a period
        {"frequency_hz": 100.0, "duration_ms": 20.0, "rate_max_hz": 1000.0},
        {"envelope_power": 10.0},
        {"envelope_power": 0.7, "time_step_ms": 0.5},
        {"fibres_per_ear": 1},
        {"delay_jitter_deg": 20.0, "fibre_delay_min_deg": -10.0},
        {"fibres_dropped": 0.4, "fibre_delay_max_deg": 0.0},
        {"bin_probability": "mean", "delay_jitter_deg": 5.0, "fibres_dropped": 0.2},
        {"spike_jitter_ms": 3.0},
        {"spike_jitter_ms": 2.0, "bin_probability": "mean", "envelope_power": 5.0},
    ],
)
def test_likelihood_is_the_direct_sum(change: dict[str, Any]) -> None:
    stimulus = StimulusParameters.model_validate(SMALL | {"frequency_hz": 37.0} | change)
    data = observed_data(stimulus, 3, 7)
    left = np.linspace(0.2, 6, 11)
    made = log_likelihood(stimulus, 3, data.spikes, (torch.tensor(left), torch.tensor(left + 0.1)))
    for ear, phases in enumerate((left, left + 0.1)):
        expected = direct_log_likelihood(stimulus, data, ear, phases)
        usual = expected > -500  # below, the floor shows: such a phase is out of the question
        assert usual.any()
        assert made[ear].numpy()[usual] == pytest.approx(expected[usual], rel=1e-7)
        assert (made[ear].numpy()[~usual] < -490).all()


def test_each_part_of_the_range_is_observed_once() -> None:
    degrees = np.degrees(observed_data(StimulusParameters(**SMALL), 2, 360).trials.ipd_rad)
    assert np.floor(2 * degrees + 180).tolist() == [*range(360)]
    assert 0.2 < np.std(2 * degrees % 1) < 0.4  # somewhere within: of a uniform number, 0.29
    other = observed_data(StimulusParameters(envelope_power=3.0, **SMALL), 2, 360).trials
    assert np.isclose(degrees, np.degrees(other.ipd_rad)).mean() < 0.05


@pytest.mark.parametrize(
    ("frequency", "steps"), [(20.0, 50), (250.0, 4), (30.0, 100), (37.0, 100), (500.0, 2)]
)
def test_probabilities_repeat_after_whole_cycles(frequency: float, steps: int) -> None:
    # 1/f = 50 ms, 4 ms; 3 cycles of 30 Hz in 100 ms; 37 Hz: not within 100 ms
    assert period_steps(StimulusParameters(frequency_hz=frequency)) == steps


@given(classes=st.integers(2, 40))
def test_class_edges_lie_between_phases(classes: int) -> None:
    grid = Grid.for_stimulus(StimulusParameters(**SMALL), classes)
    left, right = (phases.numpy() for phases in grid.phases_rad())
    ipd = right[: grid.ipds]
    assert ipd_class(ipd, classes).tolist() == np.repeat(range(classes), grid.per_class).tolist()
    edges = np.linspace(-math.pi / 2, math.pi / 2, classes + 1)
    nearest = np.abs(ipd[:, None] - edges).min(0)
    assert nearest == pytest.approx([grid.spacing_rad / 2] * (classes + 1))
    assert grid.spacing_rad <= math.radians(0.25) * (1 + 1e-12)
    # left phase + IPD is a right phase, all around the circle
    assert left[3] + ipd == pytest.approx(right[3 : 3 + grid.ipds])
    assert 2 * grid.ipds * grid.spacing_rad == pytest.approx(2 * math.pi)


@pytest.mark.long
def test_grid_is_finer_where_there_is_more_information() -> None:
    many = StimulusParameters(fibres_per_ear=1000, rate_max_hz=1000.0, envelope_power=10.0)
    bound = math.radians(cramer_rao_deg(many, phase_known=True))
    assert Grid.for_stimulus(many, 12).spacing_rad <= bound < math.radians(0.25)


def test_fft_is_the_direct_sum() -> None:
    stimulus, grid = StimulusParameters(**SMALL), Grid(classes=6, per_class=10)
    data = observed_data(stimulus, 1, 5)
    left, right = log_likelihood(stimulus, 1, data.spikes, grid.phases_rad())
    made = shares(unknown_posterior(left, right, grid))
    n = 2 * grid.ipds
    expected = [
        [
            sum(math.exp(a[i] + b[(i + j) % n] - a.max() - b.max()) for i in range(n))
            for j in range(grid.ipds)
        ]
        for a, b in zip(left.numpy(), right.numpy(), strict=True)
    ]
    assert made == pytest.approx(shares(np.array(expected)), rel=1e-9, abs=1e-14)


@pytest.mark.long
def test_known_phase_is_the_direct_posterior() -> None:
    # starting phases lie anywhere between those of the grid
    stimulus = StimulusParameters(fibres_per_ear=30)
    data = observed_data(stimulus, 4, 6)
    grid = Grid.for_stimulus(stimulus, 12)
    _, right = log_likelihood(stimulus, 1, data.spikes, grid.phases_rad())
    start = 2 * math.pi * data.trials.phase_cycles
    made = shares(known_posterior(right, torch.from_numpy(start), grid))
    ipd = grid.phases_rad()[1].numpy()[: grid.ipds]
    for sample in range(6):
        logs = direct_log_likelihood(stimulus, data, 1, start[sample] + ipd)[sample]
        expected = shares(np.exp(logs - logs.max())[None])[0]
        assert np.abs(made[sample] - expected).sum() < 1e-3


def test_decision_and_median_by_hand() -> None:
    # two classes of three IPDs, 30 degrees apart: masses 0.45 and 0.55; half of the mass is
    # reached a tenth into the fourth, which begins at 0 degrees
    grid = Grid(classes=2, per_class=3)
    posterior = torch.tensor([[0.2, 0.2, 0.05, 0.5, 0.05, 0.0]], dtype=torch.float64)
    made = ideal_observer._decide(posterior, grid, torch.zeros(1))
    assert made.estimated.tolist() == [1]
    assert made.certainty == pytest.approx([0.55])
    assert np.degrees(made.ipd_rad) == pytest.approx([3.0])


def test_classes_that_tie_share_the_guesses() -> None:
    grid = Grid(classes=3, per_class=1)
    posterior = torch.tensor([[2.0, 1.0, 2.0]] * 4, dtype=torch.float64)
    guess = torch.tensor([0.0, 0.49, 0.51, 0.99])
    made = ideal_observer._decide(posterior, grid, guess)
    assert made.estimated.tolist() == [0, 0, 2, 2]


# --- the paper's stimulus ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def usual() -> tuple[DataSet, dict[bool, Estimates]]:
    """The observers of the paper's stimulus, k = 2, at full size."""
    stimulus = StimulusParameters()
    data = observed_data(stimulus, 1, 10_000)
    return data, estimate(stimulus, data, 12, 1)


@pytest.mark.long
@pytest.mark.parametrize(("known", "accuracy"), [(True, 95.6), (False, 93.6)])
def test_accuracy_is_that_of_independent_implementations(
    usual: tuple[DataSet, dict[bool, Estimates]], known: bool, accuracy: float
) -> None:
    data, estimates = usual
    right = estimates[known].estimated == ipd_class(data.trials.ipd_rad, 12)
    assert 100 * right.mean() == pytest.approx(accuracy, abs=0.7)
    certainty = estimates[known].certainty  # without the luck of the draw
    assert 100 * certainty.mean() == pytest.approx(accuracy, abs=0.35)
    # answers are right as often as the posterior says, where it is sure and where it is not
    for chosen in (certainty < 0.8, certainty >= 0.8):
        surprise = right[chosen] - certainty[chosen]
        assert abs(surprise.mean()) < 4 * surprise.std() / math.sqrt(chosen.sum())


@pytest.mark.long
@pytest.mark.parametrize("known", [True, False])
def test_error_is_near_the_bound(usual: tuple[DataSet, dict[bool, Estimates]], known: bool) -> None:
    # the sd of a root mean square of n normal errors is 1 / sqrt(2 n) of it: 0.9 %
    data, estimates = usual
    error = estimates[known].ipd_rad - data.trials.ipd_rad
    interior = np.degrees(error[np.abs(data.trials.ipd_rad) < math.radians(70)])
    bound = cramer_rao_deg(StimulusParameters(), known)
    assert np.sqrt(np.mean(interior**2)) == pytest.approx(bound, rel=0.03)
    assert abs(np.mean(interior)) < 4 * bound / math.sqrt(len(interior))
    # normal errors: the mean absolute one is sqrt(2 / pi) of it
    assert np.mean(np.abs(interior)) == pytest.approx(math.sqrt(2 / math.pi) * bound, rel=0.03)


@pytest.mark.long
def test_not_knowing_the_phase_costs_the_root_of_two(
    usual: tuple[DataSet, dict[bool, Estimates]],
) -> None:
    data, estimates = usual
    interior = np.abs(data.trials.ipd_rad) < math.radians(70)
    known, unknown = (
        np.std((estimates[each].ipd_rad - data.trials.ipd_rad)[interior]) for each in (True, False)
    )
    assert unknown / known == pytest.approx(math.sqrt(2), rel=0.03)


@pytest.mark.long
def test_probabilities_that_underflow_do_no_harm() -> None:
    stimulus = StimulusParameters(envelope_power=100.0)
    data = observed_data(stimulus, 2, 300)
    fibres = auditory_fibres(stimulus, 2)
    assert spike_probability(stimulus, data.trials[:20], fibres).min() == 0
    for made in estimate(stimulus, data, 12, 2).values():
        error = np.degrees(np.abs(made.ipd_rad - data.trials.ipd_rad))
        assert error.max() < 5 * cramer_rao_deg(stimulus, phase_known=False)
        assert np.mean(made.estimated == ipd_class(data.trials.ipd_rad, 12)) > 0.9


def test_answers_do_not_depend_on_how_many_are_asked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stimulus = StimulusParameters(**SMALL)
    data = observed_data(stimulus, 1, 50)
    whole = estimate(stimulus, data, 12, 1)
    monkeypatch.setattr(ideal_observer, "SAMPLES_AT_ONCE", 7)
    parts = estimate(stimulus, data, 12, 1)
    few = estimate(stimulus, DataSet(data.trials[:20], data.spikes[:20]), 12, 1)
    for known in (True, False):
        assert whole[known].estimated.tolist() == parts[known].estimated.tolist()
        assert whole[known].ipd_rad == pytest.approx(parts[known].ipd_rad, abs=1e-9)
        assert whole[known].estimated[:20].tolist() == few[known].estimated.tolist()

"""The textbook neuron against solutions in closed form and steps worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from spikeloc.primer.neurons import (
    Membrane,
    Population,
    firing_rate_hz,
    measured_rate_hz,
    noise_sd_na,
    noisy_current_na,
    sinusoidal_current_na,
    sinusoidal_response_mv,
)

COURSE = Membrane()
HALVES = Membrane(tau_ms=2.0)  # a gain of 1/2 at 1 ms: every value below is exact


def constant(steps: int, current_na: float, count: int = 1) -> NDArray[np.float64]:
    return np.full((steps, count), current_na)


def spike_steps(population: Population, current_na: float, steps: int = 400) -> list[int]:
    """When the first neuron spikes under a constant current."""
    spikes = population.run(constant(steps, current_na, population.count))[1]
    return np.flatnonzero(spikes[:, 0]).tolist()


def test_decay_without_current_is_exponential() -> None:
    gain, potential = COURSE.exponential_gain(0.7), np.array([-50.0, -75.0])
    for n in range(1, 101):
        potential = COURSE.step(potential, 0.0, gain)
        left = math.exp(-0.7 * n / 20)
        assert potential == pytest.approx([-60 + 10 * left, -60 - 15 * left], rel=1e-13)


def test_euler_decay_is_geometric() -> None:
    # half of the distance to rest is left after each step: -50, -55, -57.5, -58.75
    assert HALVES.euler_gain(1.0) == 0.5
    potential = np.array([-50.0])
    for expected in (-55, -57.5, -58.75):
        potential = HALVES.step(potential, 0.0, 0.5)
        assert potential.item() == expected


@pytest.mark.parametrize("gain", [COURSE.euler_gain(1.0), COURSE.exponential_gain(1.0)])
def test_steady_state(gain: float) -> None:
    # -60 mV + 100 megaohm x 0.25 nA, and it is a fixed point
    assert COURSE.steady_mv(0.25) == -35
    assert COURSE.step(np.array([-35.0]), 0.25, gain).item() == -35
    trace = COURSE.integrate(constant(800, 0.25), gain)[:, 0]
    assert trace[0] == -60 and (np.diff(trace) >= 0).all()
    assert trace[-1] == pytest.approx(-35, abs=1e-12)


@pytest.mark.parametrize("time_step_ms", [0.1, 1.0, 15.0, 60.0])
def test_exponential_scheme_is_exact_under_constant_current(time_step_ms: float) -> None:
    trace = COURSE.integrate(constant(20, 0.25), COURSE.exponential_gain(time_step_ms))[:, 0]
    time_ms = np.arange(21) * time_step_ms
    assert trace == pytest.approx(-35 - 25 * np.exp(-time_ms / 20), rel=1e-13)


def largest_error(time_step_ms: float, *, sinusoidal: bool) -> float:
    """Of the Euler scheme over 100 ms, in mV."""
    time_ms = np.arange(round(100 / time_step_ms) + 1) * time_step_ms
    if sinusoidal:
        current, true = sinusoidal_current_na(time_ms), sinusoidal_response_mv(time_ms, COURSE)
    else:
        current, true = np.full_like(time_ms, 0.25), -35 - 25 * np.exp(-time_ms / 20)
    trace = COURSE.integrate(current[:-1], COURSE.euler_gain(time_step_ms))
    return np.abs(trace - true).max()


@pytest.mark.parametrize("sinusoidal", [False, True])
def test_euler_converges_with_order_one(sinusoidal: bool) -> None:
    errors = [largest_error(step, sinusoidal=sinusoidal) for step in (0.4, 0.2, 0.1, 0.05)]
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert orders == pytest.approx([1, 1, 1], abs=0.05)
    assert errors[-1] < 0.1


def test_sinusoidal_response_solves_the_equation() -> None:
    time_ms, h = np.linspace(1, 60, 200), 1e-4
    before, after = (sinusoidal_response_mv(time_ms + d, COURSE) for d in (-h, h))
    potential, current = sinusoidal_response_mv(time_ms, COURSE), sinusoidal_current_na(time_ms)
    slope = (after - before) / (2 * h)
    assert 20 * slope == pytest.approx(-60 - potential + 100 * current, abs=1e-5)
    assert sinusoidal_response_mv(np.zeros(1), COURSE).item() == pytest.approx(-60)
    # t = 2.5 ms: a quarter of the 10 ms period
    assert sinusoidal_current_na(np.array([0, 2.5, 7.5])) == pytest.approx([0.25, 0.5, 0])


def test_noise_is_uniform_with_the_course_s_amplitude() -> None:
    current = noisy_current_na(150, 400, 1, "test")
    swing = 0.25 * 0.1 * math.sqrt(150)
    assert current.shape == (150, 400)
    assert 0.99 * swing < np.abs(current - 0.25).max() < swing
    assert noise_sd_na(150) == pytest.approx(swing / math.sqrt(3))
    # the kurtosis of a uniform number is 9/5: its variance scatters by sqrt(4/5 / n)
    assert current.mean() == pytest.approx(0.25, abs=4 * noise_sd_na(150) / math.sqrt(60_000))
    assert current.var() / noise_sd_na(150) ** 2 == pytest.approx(
        1, abs=4 * math.sqrt(0.8 / 60_000)
    )
    # white noise: the variance times dt is that of any other number of steps in the same time
    assert noise_sd_na(300) ** 2 * 0.5 == pytest.approx(noise_sd_na(150) ** 2)


def test_more_realisations_change_none() -> None:
    few, many = (noisy_current_na(30, count, 1, "test") for count in (3, 5))
    assert np.array_equal(few, many[:, :3])
    assert not np.array_equal(few, noisy_current_na(30, 3, 2, "test"))
    assert not np.array_equal(few, noisy_current_na(30, 3, 1, "other"))


def test_spike_and_reset_in_the_same_step() -> None:
    # 0.2 nA: steady at -40. -60 -> -50, at the threshold: spike, -70 -> -55 -> -47.5: spike, ...
    population = Population(1, HALVES, 1.0, 0.5)
    potential, spikes = population.run(constant(5, 0.2))
    assert potential[:, 0].tolist() == [-60, -70, -55, -70, -55, -70]
    assert spikes[:, 0].tolist() == [False, True, False, True, False, True]


def test_refractory_neuron_stays_at_reset() -> None:
    # as above, with two more steps at reset after each spike, whatever the current
    population = Population(1, HALVES, 1.0, 0.5, refractory_ms=2.0)
    current = np.array([[0.2], [50.0], [-50.0], [0.2], [0.2], [50.0]])
    potential, spikes = population.run(current)
    assert potential[:, 0].tolist() == [-60, -70, -70, -70, -55, -70, -70]
    assert np.flatnonzero(spikes[:, 0]).tolist() == [1, 5]


def test_refractory_period_is_in_whole_steps() -> None:
    # 0.7 / 0.1 is just below 7; a spike a step but for those at reset
    population = Population(1, COURSE, 0.1, 1.0, refractory_ms=0.7)
    assert spike_steps(population, 0.2, 20) == [1, 9, 17]


def test_initial_state_may_be_refractory() -> None:
    population = Population(3, HALVES, 1.0, 0.5, refractory_ms=np.array([0.0, 1.0, 2.0]))
    state = population.start(np.array([0.0, 1.0, 2.0]))
    assert state.potential_mv.tolist() == [-60, -70, -70] and not state.spikes.any()
    state = population.step(state, constant(1, 0.2, 3)[0])
    assert state.potential_mv.tolist() == [-70, -70, -70]
    assert state.spikes.tolist() == [True, False, False]
    state = population.step(state, constant(1, 0.2, 3)[0])
    assert state.potential_mv.tolist() == [-55, -55, -70]
    with pytest.raises(ValueError, match="broadcast"):
        population.start(np.zeros(2))


def test_below_threshold_a_population_is_leaky_integrators() -> None:
    current = 0.2 * noisy_current_na(150, 4, 1, "test")
    gain = COURSE.euler_gain(1.0)
    potential, spikes = Population(4, COURSE, 1.0, gain, 5.0).run(current)
    assert not spikes.any()
    assert np.array_equal(potential, COURSE.integrate(current, gain))


@given(st.integers(0, 12), st.integers(0, 1000))
def test_no_two_spikes_within_a_refractory_period(held: int, seed: int) -> None:
    current = 4 * noisy_current_na(120, 3, seed, "test")
    refractory_ms = np.array([held, held + 1, 0]) * 0.1
    population = Population(3, COURSE, 0.1, 0.2, refractory_ms)
    potential, spikes = population.run(current)
    assert spikes.any(0).all()
    for neuron, steps in enumerate((held, held + 1, 0)):
        times = np.flatnonzero(spikes[:, neuron])
        assert (np.diff(times) > steps).all()
        for time in times:
            assert (potential[time : time + steps + 1, neuron] == -70).all()


def test_firing_rate_in_closed_form() -> None:
    # 0.25 nA: steady at -35, 35 mV above reset and 15 mV above the threshold
    assert firing_rate_hz(0.25, COURSE) == pytest.approx(1000 / (20 * math.log(35 / 15)))
    assert firing_rate_hz(0.25, COURSE, 10.0) == pytest.approx(1000 / (10 + 20 * math.log(35 / 15)))
    # at the rheobase, 10 mV / 100 megaohm, the threshold is approached for ever
    assert firing_rate_hz([-1, 0, 0.1], COURSE).tolist() == [0, 0, 0]
    assert 0 < firing_rate_hz(0.1 + 1e-9, COURSE) < 3
    assert firing_rate_hz(1e9, COURSE, 10.0) == pytest.approx(100, rel=1e-6)


@pytest.mark.parametrize("refractory_ms", [0.0, 2.0, 7.5])
@pytest.mark.parametrize("current_na", [0.12, 0.25, 0.6])
def test_intervals_are_those_of_the_closed_form(current_na: float, refractory_ms: float) -> None:
    step_ms = 0.05
    population = Population(1, COURSE, step_ms, COURSE.exponential_gain(step_ms), refractory_ms)
    times = spike_steps(population, current_na, 4000)
    (interval_ms,) = set(np.diff(times) * step_ms)
    # the threshold is noticed at the end of the step in which it is reached
    true_ms = 1000 / firing_rate_hz(current_na, COURSE, refractory_ms)
    assert true_ms <= interval_ms < true_ms + step_ms


@pytest.mark.parametrize("current_na", [0.12, 0.2601, 0.6])
def test_euler_intervals_have_a_closed_form_of_their_own(current_na: float) -> None:
    # (steady - reset) 0.95^n <= steady - threshold
    steady = -60 + 100 * current_na
    steps = math.ceil(math.log((steady + 50) / (steady + 70)) / math.log(0.95))
    times = spike_steps(Population(1, COURSE, 1.0, 0.05, 3.0), current_na)
    assert set(np.diff(times).tolist()) == {steps + 3}


def test_counted_rate_is_of_intervals() -> None:
    # spikes at steps 3, 7, 8 and 13 of 0.5 ms: three intervals in 5 ms; the others have none
    spikes = np.zeros((20, 3), np.bool_)
    spikes[[3, 7, 8, 13], 0] = True
    spikes[19, 1] = True
    assert measured_rate_hz(spikes, 0.5).tolist() == [600, 0, 0]

"""Moments of noisy leaky integrators: by hand, over every possible noise, and sampled."""

import itertools
import math

import numpy as np
import pytest

from spikeloc.primer.neurons import Membrane, noise_sd_na, noisy_current_na
from spikeloc.primer.population_statistics import (
    exact_moments,
    limiting_moments,
    sample_moments,
    standard_errors,
)

COURSE = Membrane()
STEPS, GAIN = 150, 0.05
SD_NA = noise_sd_na(STEPS)


def test_sample_moments_by_hand() -> None:
    # means 3 and 4; deviations (-2, 0, 2) and (3, -2, -1), so that the products are -6 + 0 - 2
    moments = sample_moments(np.array([[1.0, 3, 5], [7, 2, 3]]))
    assert moments.mean_mv.tolist() == [3, 4]
    assert moments.variance_mv2.tolist() == [4, 7]
    assert moments.covariance_mv2.tolist() == [[4, -4], [-4, 7]]


@pytest.mark.parametrize("gain", [0.05, 0.5, 1.0, 1.5])
def test_exact_moments_are_those_of_all_possible_noise(gain: float) -> None:
    # noise of two values, each of its 2^6 sequences once: an ensemble without sampling error
    signs = np.array(list(itertools.product((-1, 1), repeat=6))).T
    potential = COURSE.integrate(0.25 + 0.3 * signs, gain)
    expected = exact_moments(6, COURSE, gain, 0.3)
    assert potential.mean(1) == pytest.approx(expected.mean_mv, rel=1e-12)
    covariance = np.cov(potential, ddof=0)
    assert covariance == pytest.approx(expected.covariance_mv2, rel=1e-10, abs=1e-10)
    assert potential.var(1) == pytest.approx(expected.variance_mv2, rel=1e-10, abs=1e-10)


def test_stationary_values_of_the_course() -> None:
    # R s = 25 x 0.1 x sqrt(50) mV; g^2 / (1 - 0.95^2) = 1 / 39: variance 312.5 / 39 and, in the
    # limit, 312.5 ms / (2 x 20 ms)
    exact = exact_moments(1000, COURSE, GAIN, SD_NA)
    assert exact.mean_mv[-1] == pytest.approx(-35)
    assert exact.variance_mv2[-1] == pytest.approx(312.5 / 39)
    assert exact.covariance_mv2[500, 520] == pytest.approx(312.5 / 39 * 0.95**20)
    limit = limiting_moments(np.array([0.0, 500.0, 520.0]), COURSE, SD_NA**2)
    assert limit.mean_mv == pytest.approx([-60, -35, -35])
    assert limit.variance_mv2 == pytest.approx([0, 7.8125, 7.8125])
    assert limit.covariance_mv2[1, 2] == pytest.approx(7.8125 / math.e)


def distance_from_limit(steps: int) -> tuple[float, float]:
    """Of mean and covariance over 150 ms, whose noise is of the same intensity."""
    step_ms = 150 / steps
    exact = exact_moments(steps, COURSE, COURSE.euler_gain(step_ms), noise_sd_na(steps))
    limit = limiting_moments(np.arange(steps + 1) * step_ms, COURSE, SD_NA**2)
    gaps = (exact.mean_mv - limit.mean_mv, exact.covariance_mv2 - limit.covariance_mv2)
    return np.abs(gaps[0]).max(), np.abs(gaps[1]).max()


def test_moments_tend_to_the_limit_with_order_one() -> None:
    distances = np.array([distance_from_limit(steps) for steps in (300, 600, 1200)])
    assert np.log2(distances[:-1] / distances[1:]) == pytest.approx(np.ones((2, 2)), abs=0.05)


def test_sample_lies_within_its_standard_errors() -> None:
    count = 2000
    current = noisy_current_na(STEPS, count, 1, "test")
    sample = sample_moments(COURSE.integrate(current, GAIN))
    exact = exact_moments(STEPS, COURSE, GAIN, SD_NA)
    error = standard_errors(exact, count)
    assert sample.mean_mv[0] == -60 and sample.variance_mv2[0] == 0
    mean = (sample.mean_mv - exact.mean_mv)[1:] / error.mean_mv[1:]
    covariance = (sample.covariance_mv2 - exact.covariance_mv2)[1:, 1:]
    scaled = covariance / error.covariance_mv2[1:, 1:]
    assert np.abs(mean).max() < 4 and np.abs(scaled).max() < 5
    # the number of independent values is small: 150 ms are 7.5 time constants
    assert 0.3 < np.sqrt((mean**2).mean()) < 2 and 0.5 < np.sqrt((scaled**2).mean()) < 1.5


def test_standard_errors_are_the_scatter_between_ensembles() -> None:
    ensembles, count, steps = 400, 25, 60
    current = noisy_current_na(steps, ensembles * count, 1, "test")
    potential = COURSE.integrate(current, GAIN).reshape(steps + 1, ensembles, count)
    samples = [sample_moments(potential[:, e]) for e in range(ensembles)]
    error = standard_errors(exact_moments(steps, COURSE, GAIN, noise_sd_na(steps)), count)
    # over 400 ensembles a standard deviation is known to 4 %
    means = np.array([each.mean_mv[[20, 60]] for each in samples])
    assert means.std(0) == pytest.approx(error.mean_mv[[20, 60]], rel=0.12)
    covariances = np.array([each.covariance_mv2[[20, 60, 40], [20, 60, 60]] for each in samples])
    expected = error.covariance_mv2[[20, 60, 40], [20, 60, 60]]
    assert covariances.std(0) == pytest.approx(expected, rel=0.15)

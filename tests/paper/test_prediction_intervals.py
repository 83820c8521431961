"""Prediction intervals worked out by hand, and how often they hold new values."""

import math

import numpy as np
import pytest

from spikeloc.paper.reproduction import (
    error_interval,
    interval_of,
    own_share_inside,
    prediction_interval,
)


def test_interval_of_two_values() -> None:
    # mean 53, sd sqrt(2), t(1) = 12.7062: half 12.7062 * 1.41421 * sqrt(1.5) = 22.0078
    assert prediction_interval(np.array([52.0, 54.0])) == pytest.approx(
        (30.9922, 75.0078), abs=1e-3
    )


def test_interval_of_three_values() -> None:
    # mean 103, sd sqrt((9 + 1 + 16) / 2) = 3.60555, t(2) = 4.30265:
    # half 4.30265 * 3.60555 * sqrt(4 / 3) = 17.9135
    made = prediction_interval(np.array([100.0, 102.0, 107.0]))
    assert made == pytest.approx((85.0865, 120.9135), abs=1e-3)


def test_interval_ends_where_values_do() -> None:
    assert prediction_interval(np.array([2.0, 4.0])) == pytest.approx((0, 25.0078), abs=1e-3)
    low, high = prediction_interval(np.array([98.0, 96.0]), highest=100)
    assert low == pytest.approx(97 - 22.0078, abs=1e-3) and high == 100


def test_interval_of_errors_is_that_of_their_logarithms() -> None:
    # logarithms 100, 102 and 107 as above, over 20
    errors = np.exp(np.array([100.0, 102.0, 107.0]) / 20 - 4)
    expected = np.exp(np.array([85.0865, 120.9135]) / 20 - 4)
    assert error_interval(errors) == pytest.approx(expected, rel=1e-4)
    assert error_interval(errors, highest=3)[1] == 3
    with_zero = np.array([0.0, 1.0, 2.0])
    assert error_interval(with_zero) == prediction_interval(with_zero)


def test_each_metric_has_its_interval() -> None:
    values = np.array([60.0, 70.0, 95.0])
    for metric in ("train_abs_error_deg", "test_abs_error_deg", "test_class_error_deg"):
        made = interval_of(metric)
        assert made is not None and made(values) == error_interval(values, 180)
        assert interval_of(metric, draws=3) is None
    for metric, highest in (("test_accuracy", 100), ("epoch_3_loss", math.inf)):
        made = interval_of(metric)
        assert made is not None and made(values) == prediction_interval(values, highest)


def test_interval_of_a_mean_of_four_is_narrower() -> None:
    # as with two values above, sqrt(1 / 4 + 1 / 2) instead of sqrt(1 + 1 / 2)
    made = prediction_interval(np.array([52.0, 54.0]), draws=4)
    assert made == pytest.approx((53 - 15.5619, 53 + 15.5619), abs=1e-3)


@pytest.mark.parametrize("values", [[], [5.0]])
def test_one_value_predicts_nothing(values: list[float]) -> None:
    assert all(math.isnan(end) for end in prediction_interval(np.array(values)))
    assert all(math.isnan(end) for end in error_interval(np.array(values)))
    assert math.isnan(own_share_inside(np.array([1.0, 2.0])))


def test_own_values_are_predicted_from_the_others() -> None:
    # from 1, 2, 3: 2 +- 4.303 * 1 * sqrt(4 / 3) = 2 +- 5, without 100; with it far more than 3
    assert own_share_inside(np.array([1.0, 2.0, 3.0, 100.0])) == 75
    assert own_share_inside(np.array([1.0, 2.0, 3.0, 4.0])) == 100


@pytest.mark.long
def test_95_percent_of_new_sessions_lie_in_their_interval() -> None:
    # seeds with data of their own (sd 3), 3 networks in each (sd 2); 4000 times: 95 +- 0.34 %, 5 sd
    rng = np.random.default_rng(1)
    data = rng.normal(50, 3, (4000, 11, 1))
    means = (data + rng.normal(0, 2, (4000, 11, 3))).mean(axis=2)
    ends = np.array([prediction_interval(seeds) for seeds in means[:, :10]])
    inside = (ends[:, 0] <= means[:, 10]) & (means[:, 10] <= ends[:, 1])
    assert 100 * inside.mean() == pytest.approx(95, abs=1.7)
    own = np.mean([own_share_inside(seeds) for seeds in means[:400, :10]])
    assert own == pytest.approx(95, abs=2)


@pytest.mark.long
def test_95_percent_of_new_errors_lie_in_their_interval() -> None:
    # errors with a long tail; 4000 times: 2.5 +- 0.25 % above and below, 5 sd
    errors = np.exp(np.random.default_rng(1).normal(2, 0.8, (4000, 11)))
    outside = {}
    for interval in (error_interval, prediction_interval):
        low, high = np.array([interval(seeds) for seeds in errors[:, :10]]).T
        new = errors[:, 10]
        outside[interval] = [100 * (new < low).mean(), 100 * (new > high).mean()]
    assert outside[error_interval] == pytest.approx([2.5, 2.5], abs=1.3)
    # Student's interval of the errors themselves misses large errors only, and too many of them
    assert outside[prediction_interval][0] < 0.5 and outside[prediction_interval][1] > 5
    own = np.mean([own_share_inside(seeds, error_interval) for seeds in errors[:400, :10]])
    assert own == pytest.approx(95, abs=2)

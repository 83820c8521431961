"""Rates, silent units and weights of made-up networks."""

import math

import numpy as np
import pytest
from helpers import small_run, start_weights

from spikeloc.analysis.unit_statistics import statistics_table, weight_statistics


def test_weights_are_counted_in_units_of_their_first_bound() -> None:
    # four columns: the bound is 1/2, near zero is below 0.025
    layer = np.array([[[0.0, -0.0249, 0.0251, -1.0]], [[0.5] * 4]], dtype=np.float32)
    made = weight_statistics(layer)
    assert made["near_zero_percent"].tolist() == [50, 0]
    assert made["p50"].tolist() == pytest.approx([0.05, 1], abs=1e-6)


def test_five_percent_of_initial_weights_are_near_zero() -> None:
    run = small_run({"fibres_per_ear": 2000})
    made = weight_statistics(start_weights(run, [1])["w1"].numpy())
    assert made["near_zero_percent"].item() == pytest.approx(5, abs=0.6)  # sd 0.14
    assert made["p95"].item() == pytest.approx(0.95, abs=0.01)


def test_rates_and_silent_units() -> None:
    shapes = {"w1": (3, 14, 2), "w2": (3, 2, 4)}
    weights = {name: np.ones(shape, dtype=np.float32) for name, shape in shapes.items()}
    # two trials: units of 10 and 30 spikes/s, of 0 and 20, and none
    counts = np.array([[[1, 3], [1, 3]], [[0, 1], [0, 3]], [[0, 0], [0, 0]]])
    table = statistics_table(weights, counts, duration_ms=100.0)
    assert table["hidden_rate_hz"].tolist() == pytest.approx([20, 10, 0])
    assert table["silent_percent"].tolist() == [0, 50, 100]
    assert table["active_rate_hz"].tolist()[:2] == pytest.approx([20, 20])
    assert math.isnan(table["active_rate_hz"][2])
    assert table["w2_p50"].tolist() == pytest.approx([2] * 3)  # four columns: the bound is 1/2

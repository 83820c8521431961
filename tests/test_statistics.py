"""Summaries over seeds, worked out by hand."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.statistics import METRICS, difference_table, summarise, summary_table

GAPS = ["mean", "sd", "ci95_low", "ci95_high", "median", "min", "max"]


def run_row(condition: str, seed: int, accuracy: float, **more: Any) -> dict[str, Any]:
    about: dict[str, Any] = {
        "experiment": "e",
        "condition": condition,
        "label": f"label {condition}",
    }
    about |= {
        "parameter": "",
        "value": math.nan,
        "variant": "published",
        "seed": seed,
        "network": 1,
    }
    measured = dict.fromkeys(METRICS, 1.0)
    return about | measured | {"test_accuracy": accuracy, "diverged": False} | more


def accuracy_rows(*rows: dict[str, Any]) -> pd.DataFrame:
    table = summary_table(pd.DataFrame(list(rows)))
    return table[table["metric"] == "test_accuracy"].reset_index(drop=True)


def test_two_values() -> None:
    # mean 3, sd sqrt((1 + 1) / 1) = 1.41421, half interval 12.706 * 1.41421 / sqrt(2) = 12.706
    made = summarise([2.0, 4.0])
    assert (made["n"], made["mean"], made["median"], made["min"], made["max"]) == (2, 3, 3, 2, 4)
    assert made["sd"] == pytest.approx(math.sqrt(2))
    assert made["ci95_low"] == pytest.approx(3 - 12.706, abs=5e-4)
    assert made["ci95_high"] == pytest.approx(3 + 12.706, abs=5e-4)


def test_three_values() -> None:
    # mean 4, sd sqrt((9 + 1 + 16) / 2) = sqrt(13), half 4.303 * sqrt(13 / 3) = 8.957
    made = summarise([1.0, 3.0, 8.0])
    assert (made["n"], made["mean"], made["median"]) == (3, 4, 3)
    assert made["sd"] == pytest.approx(math.sqrt(13))
    assert made["ci95_high"] - 4 == pytest.approx(8.957, abs=2e-3)
    assert 4 - made["ci95_low"] == pytest.approx(8.957, abs=2e-3)


def test_ten_equal_values_have_no_spread() -> None:
    made = summarise([7.5] * 10)
    assert (made["sd"], made["ci95_low"], made["ci95_high"]) == (0, 7.5, 7.5)


def test_one_value_has_no_spread_to_speak_of() -> None:
    made = summarise([5.0])
    assert (made["n"], made["mean"], made["median"], made["min"], made["max"]) == (1, 5, 5, 5, 5)
    assert all(math.isnan(made[name]) for name in ("sd", "ci95_low", "ci95_high"))


@pytest.mark.parametrize("values", [[], [math.nan], [math.inf, -math.inf]])
def test_no_values_are_a_count_of_zero(values: list[float]) -> None:
    made = summarise(values)
    assert made["n"] == 0 and all(math.isnan(made[name]) for name in GAPS)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.integers(0, 3))
def test_values_that_are_not_finite_do_not_count(values: list[float], gaps: int) -> None:
    made = summarise([math.nan] * gaps + values)
    n = len(values)
    mean = sum(values) / n
    sd = math.sqrt(sum((value - mean) ** 2 for value in values) / (n - 1))
    assert made["n"] == n
    assert made["mean"] == pytest.approx(mean, abs=1e-9)
    assert made["sd"] == pytest.approx(sd, abs=1e-9)
    assert (made["min"], made["max"]) == (min(values), max(values))


def test_diverged_networks_are_counted_and_left_out() -> None:
    made = accuracy_rows(
        run_row("a", 1, 50), run_row("a", 2, 70), run_row("a", 3, 999, diverged=True)
    )
    assert made["n"].tolist() == [2] and made["mean"].tolist() == [60.0]
    assert made["diverged"].tolist() == [1]


def test_a_condition_of_diverged_networks_is_still_there() -> None:
    made = accuracy_rows(run_row("a", 1, 999, diverged=True), run_row("b", 1, 40))
    assert made["condition"].tolist() == ["a", "b"] and made["n"].tolist() == [0, 1]
    assert np.isnan(made["mean"][0]) and made["diverged"].tolist() == [1, 0]


def test_conditions_keep_their_order_and_labels() -> None:
    made = accuracy_rows(*(run_row(name, seed, 1) for name in "cab" for seed in (1, 2)))
    assert made["condition"].tolist() == ["c", "a", "b"]
    assert made["label"].tolist() == ["label c", "label a", "label b"]


def test_values_of_a_sweep_and_variants_are_apart() -> None:
    made = accuracy_rows(
        run_row("x-1", 1, 10, value=1.0),
        run_row("x-10", 1, 20, value=10.0),
        run_row("x-10", 1, 30, value=10.0, variant="corrected"),
    )
    assert made["mean"].tolist() == [10, 20, 30] and made["value"].tolist() == [1, 10, 10]


def test_metrics_that_a_condition_lacks_have_no_row() -> None:
    rows = [run_row("a", 1, 1, hidden_rate_hz=math.nan), run_row("b", 1, 1)]
    table = summary_table(pd.DataFrame(rows))
    rates = table[table["metric"] == "hidden_rate_hz"]
    assert rates["condition"].tolist() == ["b"]
    assert table["metric"].tolist().count("epochs") == 2


def test_differences_are_of_the_same_seed() -> None:
    table = runs_of_seeds("a", [50, 60, 70], "b", [52, 61, 79])
    (row,) = rows_of(difference_table(table, "a"), "test_accuracy")
    # 2, 1, 9: mean 4, sd sqrt((4 + 9 + 25) / 2) = 4.3589, half interval 4.303 * sd / sqrt(3)
    assert (row["condition"], row["reference"], row["n"], row["mean"]) == ("b", "a", 3, 4)
    assert row["sd"] == pytest.approx(4.3589, abs=1e-4)
    assert row["ci95_low"] == pytest.approx(4 - 10.8281, abs=2e-3)


def test_differences_leave_out_seeds_that_diverged_in_either() -> None:
    table = runs_of_seeds("a", [50, 60, 70], "b", [52, 61, 79])
    table.loc[[0, 4], "diverged"] = True  # seed 1 of a, seed 2 of b
    (row,) = rows_of(difference_table(table, "a"), "test_accuracy")
    assert (row["n"], row["mean"]) == (1, 9)


@pytest.mark.parametrize("condition", ["a", "b"])
def test_condition_that_diverged_altogether_has_a_row_of_gaps(condition: str) -> None:
    table = runs_of_seeds("a", [50, 60], "b", [52, 61])
    table.loc[table["condition"] == condition, "diverged"] = True
    (row,) = rows_of(difference_table(table, "a"), "test_accuracy")
    assert row["n"] == 0 and math.isnan(row["mean"]) and math.isnan(row["ci95_low"])


def runs_of_seeds(first: str, one: list[float], second: str, two: list[float]) -> pd.DataFrame:
    rows = [run_row(first, seed, value) for seed, value in enumerate(one, 1)]
    rows += [run_row(second, seed, value) for seed, value in enumerate(two, 1)]
    return pd.DataFrame(rows)


def rows_of(table: pd.DataFrame, metric: str) -> list[dict[str, Any]]:
    return table[table["metric"] == metric].to_dict("records")

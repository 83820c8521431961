"""Summaries over seeds, worked out by hand."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seeds import rows_of, run_row

from spikeloc.statistics.bootstrap import bootstrap_interval
from spikeloc.statistics.summaries import over_seeds, summarise, summary_table, unit_means

GAPS = ["mean", "sd", "ci95_low", "ci95_high", "median", "min", "max"]


def accuracy_rows(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows_of(summary_table(pd.DataFrame(list(rows)))))


def test_two_values() -> None:
    made = summarise([2.0, 4.0])
    assert (made["n"], made["mean"], made["median"], made["min"], made["max"]) == (2, 3, 3, 2, 4)
    assert made["sd"] == pytest.approx(math.sqrt(2))  # sqrt((1 + 1) / 1)
    assert (made["ci95_low"], made["ci95_high"]) == bootstrap_interval([2.0, 4.0])
    assert made["ci95_low"] < 2 and made["ci95_high"] > 4  # two values say little


def test_three_values() -> None:
    made = summarise([8.0, 1.0, 3.0])
    assert (made["n"], made["mean"], made["median"]) == (3, 4, 3)
    assert made["sd"] == pytest.approx(math.sqrt(13))  # sqrt((9 + 1 + 16) / 2)


@pytest.mark.parametrize("value", [7.5, 0.1])  # ten times 0.1 is not 1 in every order of adding
def test_ten_equal_values_have_no_spread(value: float) -> None:
    made = summarise([value] * 10)
    assert (made["mean"], made["sd"]) == (value, 0)
    assert (made["ci95_low"], made["ci95_high"]) == (value, value)


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


def test_networks_of_one_seed_count_once() -> None:
    # seed 1: (50 + 60) / 2 = 55, seed 2: 70, its other network left out; seed 3 has none
    made = accuracy_rows(
        run_row("a", 1, 50, network=0),
        run_row("a", 1, 60, network=1),
        run_row("a", 2, 70, network=0),
        run_row("a", 2, 999, network=1, diverged=True),
        run_row("a", 3, 999, network=0, diverged=True),
    )
    assert (made["n"][0], made["mean"][0], made["diverged"][0]) == (2, 62.5, 2)


def test_means_of_seeds_keep_what_they_are_of() -> None:
    rows = [run_row("b", 2, 80, network=network) for network in (0, 1)]
    rows += [run_row("b", 1, 70, network=0), run_row("b", 1, 999, network=1, diverged=True)]
    rows += [run_row("a", 1, 999, diverged=True, network=0)]
    means = unit_means(pd.DataFrame(rows))
    assert means["condition"].tolist() == ["b", "b", "a"]
    assert means["seed"].tolist() == [1, 2, 1]
    assert means["test_accuracy"].tolist()[:2] == [70, 80] and np.isnan(means["test_accuracy"][2])
    assert means["networks"].tolist() == [1, 2, 0] and means["diverged"].tolist() == [1, 0, 1]


def test_single_networks_are_their_own_means() -> None:
    table = pd.DataFrame([run_row("a", seed, 0.1 * seed, epochs=3) for seed in (3, 1, 2)])
    means = unit_means(table)
    assert means["test_accuracy"].tolist() == [0.1, 0.2, 0.1 * 3]
    assert means["networks"].tolist() == [1, 1, 1] and means["epochs"].tolist() == [3, 3, 3]


def test_rows_do_not_depend_on_the_order_or_on_other_rows() -> None:
    random = np.random.default_rng(1)
    rows = [
        run_row(name, seed, random.normal(70, 2), network=network)
        for name in "ab" for seed in (1, 2, 3, 4) for network in (0, 1, 2)
    ]  # fmt: skip
    made = summary_table(pd.DataFrame(rows))
    shuffled = summary_table(pd.DataFrame(rows).sample(frac=1, random_state=3))
    key = ["condition", "metric"]
    pd.testing.assert_frame_equal(
        made.sort_values(key, ignore_index=True),
        shuffled.sort_values(key, ignore_index=True),
        check_exact=True,
    )
    alone = summary_table(pd.DataFrame(rows[:12]))
    pd.testing.assert_frame_equal(made.query("condition == 'a'"), alone, check_exact=True)


def test_shared_networks_have_one_interval_in_every_experiment() -> None:
    rows = [run_row("a", seed, seed**2 / 7) for seed in range(1, 8)]
    again = [row | {"experiment": "other", "condition": "b"} for row in rows]
    made = accuracy_rows(*rows, *again)
    names = ["ci95_low", "ci95_high"]
    assert made.loc[0, names].tolist() == made.loc[1, names].tolist()


def test_a_seed_counts_once_however_many_networks_it_has() -> None:
    table = pd.DataFrame({"k": "a", "seed": [1, 1, 2], "network": [1, 2, 1], "x": [10, 20, 45]})
    (row,) = over_seeds(table, ["k"], ["x"]).to_dict("records")
    assert (row["k"], row["metric"], row["n"], row["mean"]) == ("a", "x", 2, 30)

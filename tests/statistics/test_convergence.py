"""Gains from longer training, worked out by hand."""

import math

import pandas as pd
import pytest
from seeds import run_row

from spikeloc.statistics.bootstrap import bootstrap_interval
from spikeloc.statistics.convergence import convergence_table

BUDGETS = {"short": 30, "middle": 100, "long": 300}


def table_of(accuracies: dict[str, dict[str, list[float]]]) -> pd.DataFrame:
    """The table of conditions, each with the accuracies of seeds 1, 2, ... by variant."""
    rows = [
        run_row(condition, seed, value, variant=variant)
        for condition, by_variant in accuracies.items()
        for variant, values in by_variant.items()
        for seed, value in enumerate(values, 1)
    ]
    return convergence_table(pd.DataFrame(rows), BUDGETS)


def test_gains_are_those_within_seeds() -> None:
    made = table_of({"a": {"long": [72, 79], "short": [50, 60], "middle": [70, 80]}})
    assert made["variant"].tolist() == [*BUDGETS] and made["epochs"].tolist() == [30, 100, 300]
    assert made["accuracy"].tolist() == [55, 75, 75.5]
    assert math.isnan(made["gain"][0]) and made["gain"][1:].tolist() == [20, 0.5]
    assert made["pairs"].tolist() == [0, 2, 2] and made["n"].tolist() == [2, 2, 2]
    ends = made.loc[2, ["gain_low", "gain_high"]].tolist()
    assert ends == pytest.approx(bootstrap_interval([2, -1]))
    assert not made["converged"].any()  # the interval reaches above one point
    assert made["cap_reached"].tolist() == [False, False, True]


def test_a_gain_of_the_margin_at_the_largest_budget_reaches_the_cap() -> None:
    made = table_of(
        {
            "at": {"short": [50, 60], "middle": [50.5, 60.5], "long": [51.5, 61.5]},
            "below": {"short": [50, 60], "middle": [49, 59], "long": [49.75, 59.75]},
            "one seed": {"short": [50], "middle": [50], "long": [50]},
        }
    )
    assert made["condition"].tolist() == ["at"] * 3 + ["below"] * 3 + ["one seed"] * 3
    assert made["converged"].tolist() == [False, True, False] + [False, True, True] + [False] * 3
    assert made["cap_reached"].tolist() == [False, False, True] + [False] * 5 + [True]


def test_a_seed_without_a_smaller_budget_counts_in_the_mean_only() -> None:
    made = table_of({"a": {"short": [50], "middle": [60, 100], "long": [math.nan, 100.5]}})
    assert made["accuracy"].tolist() == [50, 80, 100.5]
    assert made["gain"][1:].tolist() == [10, 0.5] and made["pairs"].tolist() == [0, 1, 1]

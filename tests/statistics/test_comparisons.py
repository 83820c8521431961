"""Comparisons within seeds: p values and corrections worked out by hand, and against scipy."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nct, norm, permutation_test
from seeds import rows_of, run_row, runs_of_seeds

from spikeloc.io.randomness import raw_words
from spikeloc.metrics import declared
from spikeloc.statistics import comparisons
from spikeloc.statistics.comparisons import comparison_table, effect_size, holm, sign_flip_p

GAPS = ["mean", "sd", "ci95_low", "ci95_high", "p", "p_holm", "effect_size", "smallest_p"]


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([], math.nan),
        ([4.0], 1.0),  # 4 and -4
        ([1, 2], 2 / 4),  # 3, -3
        ([1, 2, 3], 2 / 8),  # 6, -6
        ([3, 2, -1], 4 / 8),  # sums of 4 and more: 6, 4 and their opposites
        ([1, 1, -1], 8 / 8),  # every sum is odd
        ([1, 1, 1, 0], 4 / 16),  # 3 and -3, each with the zero flipped or not
        ([2, 1, 1, -1], 8 / 16),  # with +2: 5 once, 3 three times
        ([1, 2, 3, -4], 14 / 16),  # all but the two sums of 0: 1 + 4 = 2 + 3
        ([0.1, 0.2, 0.3, -0.4], 14 / 16),  # where rounding would break ties
        ([0.1, 0.2, -0.3], 1.0),
        ([0, 0, 0, 0, 0], 1.0),
        ([1] * 10, 2 / 1024),
    ],
)
def test_flips_counted_by_hand(differences: list[float], p: float) -> None:
    assert sign_flip_p(differences, "x") == pytest.approx(p, nan_ok=True)
    assert sign_flip_p([-value for value in differences], "x") == pytest.approx(p, nan_ok=True)


@pytest.mark.parametrize("n", range(2, 11))
def test_p_is_scipys(n: int) -> None:
    random = np.random.default_rng(n)
    for values in (random.normal(0.5, 1, n), random.integers(-4, 8, n) / 10):
        expected = permutation_test(
            (values,), np.mean, permutation_type="samples", n_resamples=2**n, vectorized=False
        )
        assert sign_flip_p(values, "x") == pytest.approx(expected.pvalue)


def test_drawn_flips_are_near_the_exact_p(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(5).normal(0.4, 1, 12)
    exact = sign_flip_p(values, "x")
    monkeypatch.setattr(comparisons, "EXACT_UP_TO", 11)
    drawn = sign_flip_p(values, "x")
    assert drawn == sign_flip_p(values[::-1], "x") != sign_flip_p(values, "y")
    assert 0 < abs(drawn - exact) < 5 * math.sqrt(exact * (1 - exact) / 99_999)


@pytest.mark.parametrize("n", [31, 64, 65, 200])
def test_drawn_flips_are_those_of_the_definition(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/model.md: the i-th bit, if it is 0, changes the sign of the i-th smallest difference."""
    monkeypatch.setattr(comparisons, "DRAWN_FLIPS", 300)
    values = np.sort(np.random.default_rng(n).normal(0.1, 1, n))
    words = raw_words(0, "x", 300 * math.ceil(n / 64)).reshape(300, -1)
    beyond = 0
    for choice in words:
        bits = "".join(f"{byte:08b}" for byte in choice.astype("<u8").tobytes())[:n]
        signed = [value if bit == "1" else -value for value, bit in zip(values, bits, strict=True)]
        beyond += abs(math.fsum(signed)) >= abs(math.fsum(values))
    assert 0 < beyond < 300
    assert sign_flip_p(values, "x") == (1 + beyond) / 301


def test_many_seeds_approach_the_normal_p() -> None:
    values = np.random.default_rng(6).normal(0.2, 1, 150)
    z = values.sum() / np.sqrt((values**2).sum())
    assert sign_flip_p(values, "x") == pytest.approx(2 * norm.sf(abs(z)), rel=0.1)
    assert sign_flip_p([1.0] * 150, "x") == 1e-5


def test_holm_by_hand() -> None:
    # 4 * 0.005, 3 * 0.01, 2 * 0.03, and 1 * 0.04 raised to that of the smaller p before it
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.6, 0.9]).tolist() == [1, 1, 1]
    assert holm([0.2]).tolist() == [0.2] and holm([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_keeps_the_order_and_is_never_more_than_bonferroni(p: list[float]) -> None:
    adjusted = holm(p)
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()
    assert (adjusted >= p).all() and (adjusted <= np.minimum(1, np.multiply(p, len(p)))).all()


def test_effect_size_by_hand() -> None:
    # 2, 1, 9: d_z = 4 / sqrt(19); two degrees of freedom: Gamma(1) / Gamma(1/2) = 1 / sqrt(pi)
    assert effect_size(4, math.sqrt(19), 3) == pytest.approx(4 / math.sqrt(19 * math.pi))
    # nine: Gamma(4.5) / (sqrt(4.5) * Gamma(4)) = 11.6317 / (2.12132 * 6)
    assert effect_size(-1, 1, 10) == pytest.approx(-0.91387, abs=1e-5)


@pytest.mark.parametrize("n", [3, 5, 30])
def test_effect_size_is_unbiased_for_normal_differences(n: int) -> None:
    # d_z * sqrt(n) of mean delta and sd 1 is noncentral t with noncentrality delta * sqrt(n)
    delta = 0.7
    mean_dz = nct.mean(n - 1, delta * math.sqrt(n)) / math.sqrt(n)
    assert effect_size(mean_dz, 1, n) == pytest.approx(delta)


@pytest.mark.parametrize(("mean", "sd", "n"), [(4, 0, 10), (0, 0, 5), (4, 1e-15, 5), (4, 1, 2)])
def test_effect_size_that_does_not_exist(mean: float, sd: float, n: int) -> None:
    assert math.isnan(effect_size(mean, sd, n))


def only_row(table: pd.DataFrame, reference: str = "a") -> dict[str, Any]:
    (row,) = rows_of(comparison_table(table, reference))
    return row


def test_differences_are_of_the_same_seed() -> None:
    row = only_row(runs_of_seeds(a=[50, 60, 70], b=[52, 61, 79]))
    # 2, 1, 9: all of one sign
    assert (row["condition"], row["reference"], row["n"], row["mean"]) == ("b", "a", 3, 4)
    assert row["sd"] == pytest.approx(math.sqrt(19))
    assert row["ci95_low"] < 0 < 4 < row["ci95_high"]
    assert (row["p"], row["smallest_p"], row["can_reject"]) == (0.25, 0.25, False)
    assert row["effect_size"] == pytest.approx(4 / math.sqrt(19 * math.pi))


def test_seeds_that_diverged_in_either_are_left_out() -> None:
    table = runs_of_seeds(a=[50, 60, 70], b=[52, 61, 79])
    table.loc[[0, 4], "diverged"] = True  # seed 1 of a, seed 2 of b
    row = only_row(table)
    assert (row["n"], row["mean"], row["p"], row["smallest_p"]) == (1, 9, 1, 1)


def test_networks_of_one_seed_are_averaged_first() -> None:
    rows = [run_row("a", seed, 50, network=0) for seed in (1, 2, 3)]
    rows += [run_row("b", 1, value, network=i) for i, value in enumerate([51, 53])]
    rows += [run_row("b", 2, 56, network=0), run_row("b", 2, 999, network=1, diverged=True)]
    rows += [run_row("b", 3, 999, network=0, diverged=True)]
    row = only_row(pd.DataFrame(rows))
    assert (row["n"], row["mean"], row["min"], row["max"]) == (2, 4, 2, 6)


@pytest.mark.parametrize("condition", ["a", "b"])
def test_condition_that_diverged_altogether_has_a_row_of_gaps(condition: str) -> None:
    table = runs_of_seeds(a=[50, 60], b=[52, 61])
    table.loc[table["condition"] == condition, "diverged"] = True
    row = only_row(table)
    assert row["n"] == 0 and not row["can_reject"]
    assert all(math.isnan(row[name]) for name in GAPS)


def test_conditions_that_are_the_same_do_not_differ() -> None:
    row = only_row(runs_of_seeds(a=[50.1, 60.2, 70.3], b=[50.1, 60.2, 70.3]))
    assert (row["mean"], row["ci95_low"], row["ci95_high"], row["p"]) == (0, 0, 0, 1)
    assert row["p_holm"] == 1 and math.isnan(row["effect_size"])


def test_family_is_a_metric_of_one_variant() -> None:
    up, mixed = [1, 2, 3, 4, 5, 6, 7], [-1, 2, 3, 4, 5, 6, 7]
    table = runs_of_seeds(a=[0] * 7, b=up, c=mixed)
    alone = runs_of_seeds(a=[0] * 7, b=mixed).assign(variant="corrected")
    made = comparison_table(pd.concat([table, alone], ignore_index=True), "a")
    rows = rows_of(made)
    assert [row["p"] for row in rows] == [2 / 128, 4 / 128, 4 / 128]
    assert [row["p_holm"] for row in rows] == [4 / 128, 4 / 128, 4 / 128]
    assert [row["can_reject"] for row in rows] == [True, True, True]  # 2 * 2/128 = 0.031
    assert {row["p_holm"] for row in rows_of(made, "epochs")} == {1.0}


def test_six_seeds_cannot_reject_one_of_two() -> None:
    made = comparison_table(runs_of_seeds(a=[0] * 6, b=range(6), c=range(6)), "a")
    assert not made["can_reject"].any()  # 2 * 2/64 = 0.0625
    assert comparison_table(runs_of_seeds(a=[0] * 6, b=range(6)), "a")["can_reject"].all()


def test_condition_without_values_is_not_of_the_family() -> None:
    table = runs_of_seeds(a=[0] * 7, b=[1] * 7, c=[1] * 7)
    table.loc[table["condition"] == "c", "diverged"] = True
    b, c = rows_of(comparison_table(table, "a"))
    assert b["p_holm"] == b["p"] == 2 / 128
    assert c["n"] == 0


def test_metrics_that_one_of_them_lacks_have_no_row() -> None:
    rows = [run_row("a", 1, 1), run_row("b", 1, 1, hidden_rate_hz=math.nan)]
    made = comparison_table(pd.DataFrame(rows), "a")
    assert set(declared.metric_names()) - set(made["metric"]) == {"hidden_rate_hz"}


def test_rows_do_not_depend_on_the_order_or_on_other_conditions() -> None:
    random = np.random.default_rng(2)
    table = runs_of_seeds(**{name: random.normal(70, 2, 6).tolist() for name in "abc"})
    made = comparison_table(table, "a")
    shuffled = comparison_table(table.sample(frac=1, random_state=3), "a")
    key = ["condition", "metric"]
    pd.testing.assert_frame_equal(
        made.sort_values(key, ignore_index=True),
        shuffled.sort_values(key, ignore_index=True),
        check_exact=True,
    )
    alone = comparison_table(table[table["condition"] != "c"], "a")
    of_family = ["p_holm", "can_reject"]  # these are of all conditions together
    pd.testing.assert_frame_equal(
        made.query("condition == 'b'").drop(columns=of_family),
        alone.drop(columns=of_family),
        check_exact=True,
    )


def test_experiment_of_one_condition_has_no_comparison() -> None:
    made = comparison_table(runs_of_seeds(a=[50, 60]), "a")
    assert made.empty
    names = "experiment, condition, reference, variant, metric, n, mean, sd, ci95_low, ci95_high, "
    names += "median, min, max, p, p_holm, effect_size, smallest_p, can_reject"
    assert list(made.columns) == names.split(", ")

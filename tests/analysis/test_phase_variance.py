"""Variance components worked out by hand, and how often an interval holds the truth."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.analysis.phase_variance import (
    Floats,
    phase_curve_table,
    phase_share,
    phase_variance_table,
    share_interval,
    variance_components,
)

MANY = 10**12  # samples, so that chance is nothing


def test_two_networks_at_two_phases() -> None:
    # Means 20 and 70: (25² + 25²) / 1. Within: 10² and 20², mean 250. Their mean curve 30, 60: 15².
    # Rests +-5 in every cell: (25 + 25) / (2 - 1) of their own; shared 225 - 50 / 2
    made = variance_components(np.array([[10.0, 30], [50, 90]]), MANY, MANY)
    expected = {"network": 1250, "phase": 250, "phase_shared": 200, "phase_own": 50, "chance": 0}
    assert made == pytest.approx(expected | {"session": 1500}, abs=1e-6)
    assert phase_share(made) == pytest.approx(1 / 6)


def test_what_chance_would_do_is_taken_off() -> None:
    # 40 * 60 / (25 - 1) = 100 of chance in each cell, half of it left within two phases.
    # Within: 10² - 50. Rests +-10: (100 + 100) / 1 - 50 of their own. Means alike: 0 - 50 is 0
    made = variance_components(np.array([[40.0, 60], [60, 40]]), 25, 25)
    expected = {"network": 0, "phase": 50, "phase_shared": 0, "phase_own": 150, "chance": 100}
    assert made == pytest.approx(expected | {"session": 150})


def test_chance_is_that_of_a_sessions_samples() -> None:
    # 50 * 50 / (101 - 1) = 25 at 101 samples, 25 / 4 at four times as many; no more than that here
    made = variance_components(np.full((3, 4), 50.0), 101, 404)
    assert made["chance"] == made["session"] == pytest.approx(6.25)
    assert made["network"] == made["phase"] == phase_share(made) == 0


def test_no_phase_effect_is_a_component_of_zero() -> None:
    level = np.array([[30.0], [50], [80]])
    made = variance_components(np.repeat(level, 6, axis=1), MANY, MANY)
    assert made["phase"] == made["phase_shared"] == made["phase_own"] == pytest.approx(0)
    assert made["network"] == pytest.approx(np.var([30, 50, 80], ddof=1))
    low, high = share_interval(np.repeat(level, 6, axis=1), np.arange(3), MANY, MANY)
    assert low == pytest.approx(0) and high == pytest.approx(0, abs=1e-6)


def test_networks_that_are_always_right_have_no_share() -> None:
    made = variance_components(np.full((2, 3), 100.0), 50, 50)
    assert made["session"] == 0 and np.isnan(phase_share(made))


def random_networks(generator: np.random.Generator, count: int) -> Floats:
    """True accuracies at 12 phases: levels, a common tuning and one of each network's own."""
    phase = 2 * np.pi * np.arange(12) / 12
    level = 55 + 6 * generator.standard_normal((count, 1))
    own = 2 * np.pi * generator.uniform(size=(count, 1))
    return level + 8 * np.cos(phase) + 5 * np.cos(phase + own)


def test_components_are_right_on_average() -> None:
    # of random_networks: 6² between; 8²/2 shared and 5²/2 own; chance about 53 * 47 / 100
    generator = np.random.Generator(np.random.Philox(1))
    made = pd.DataFrame(
        variance_components(
            generator.binomial(200, random_networks(generator, 5) / 100) / 2, 200, 100
        )
        for _ in range(800)
    )
    error = made.std() / np.sqrt(800)
    expected = {"network": 36.0, "phase": 44.5, "phase_shared": 32.0, "phase_own": 12.5}
    for name, variance in expected.items():
        assert made[name].mean() == pytest.approx(variance, abs=4 * error[name]), name
    # E[p (100 - p)] = 55 * 45 - 36 - 44.5, over 100 samples of a session
    assert made["chance"].mean() == pytest.approx(23.945, abs=4 * error["chance"])


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    # the share is 44.5 / (36 + 44.5 + 23.945); 300 draws of 95 %: 1e-4 below 0.90
    generator = np.random.Generator(np.random.Philox(2))
    held = 0
    for _ in range(300):
        measured = generator.binomial(200, random_networks(generator, 10) / 100) / 2
        low, high = share_interval(measured, np.arange(10), 200, 100)
        held += low <= 44.5 / 104.445 <= high
    assert 0.90 <= held / 300 <= 0.99


def test_a_seed_leaves_with_all_its_networks() -> None:
    generator = np.random.Generator(np.random.Philox(3))
    accuracy = random_networks(generator, 4)
    doubled = np.concatenate([accuracy, accuracy])
    once = share_interval(accuracy, np.arange(4), MANY, MANY)
    twice = share_interval(doubled, np.tile(np.arange(4), 2), MANY, MANY)
    alone = share_interval(doubled, np.arange(8), MANY, MANY)
    assert twice[1] - twice[0] == pytest.approx(once[1] - once[0], rel=0.1)
    assert alone[1] - alone[0] < 0.8 * (twice[1] - twice[0])


@given(st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_where_a_network_is_best_changes_only_what_is_shared(turns: list[int]) -> None:
    generator = np.random.Generator(np.random.Philox(4))
    accuracy = generator.uniform(20, 90, (4, 6))
    turned = np.stack([np.roll(row, turn) for row, turn in zip(accuracy, turns, strict=True)])
    before, after = (variance_components(each, 100, 100) for each in (accuracy, turned))
    for name in ("network", "phase", "chance", "session"):
        assert after[name] == pytest.approx(before[name])


def effect(variant: str, accuracy: list[list[float]], seeds: list[int]) -> pd.DataFrame:
    """A table of one run, as `phase_table` writes it."""
    networks, offsets = np.shape(accuracy)
    about: dict[str, Any] = {"experiment": "e", "condition": "c", "label": "l", "variant": variant}
    return pd.DataFrame(
        about
        | {
            "seed": np.repeat(seeds, offsets),
            "offset_cycles": np.tile(np.arange(offsets) / offsets, networks),
            "accuracy": np.ravel(accuracy),
            "class_error_deg": 100 - np.ravel(accuracy),
            "samples": 101,
        }
    )


def test_the_table_has_a_row_a_run() -> None:
    gap = float("nan")
    both = pd.concat(
        [
            effect("published", [[10, 30], [50, 90], [gap, gap]], [1, 2, 3]),
            effect("corrected", [[60, 80]], [1]),
        ]
    )
    sizes = {"e/c/published": 404, "e/c/corrected": 101}
    one, other = phase_variance_table(both, sizes).to_dict("records")
    components = variance_components(np.array([[10.0, 30], [50, 90]]), 101, 404)
    assert (one["variant"], one["networks"], one["seeds"], one["diverged"]) == (
        "published",
        2,
        2,
        1,
    )
    assert (one["phases"], one["samples"], one["session_samples"]) == (2, 101, 404)
    assert (one["mean"], one["min"], one["max"]) == (45, 10, 90)
    for name, variance in components.items():
        assert one[f"sd_{name}"] == pytest.approx(np.sqrt(variance))
    assert one["phase_share"] == pytest.approx(phase_share(components))
    assert np.isnan(one["phase_share_low"])  # of two seeds: no interval
    assert (other["networks"], other["mean"]) == (1, 70)
    assert np.isnan(other["sd_network"]) and np.isnan(other["phase_share"])


def test_a_run_that_diverged_altogether_is_a_row_of_gaps() -> None:
    gap = float("nan")
    table = phase_variance_table(effect("published", [[gap, gap]], [1]), {"e/c/published": 10})
    assert table["networks"].tolist() == [0] and table["diverged"].tolist() == [1]
    assert table.loc[:, "mean":].isna().all(axis=None)


def test_the_curve_is_over_seeds() -> None:
    # seed 1 has two networks: 10 and 30 at offset 0 make one 20, beside seed 2's 50
    table = phase_curve_table(effect("published", [[10, 40], [30, 60], [50, 90]], [1, 1, 2]))
    accuracy = table[table["metric"] == "accuracy"]
    assert accuracy["offset_cycles"].tolist() == [0, 0.5] and accuracy["n"].tolist() == [2, 2]
    assert accuracy["mean"].tolist() == [35, 70]
    assert accuracy["sd"].tolist() == pytest.approx([np.sqrt(450), np.sqrt(800)])
    error = table[table["metric"] == "class_error_deg"]
    assert error["mean"].tolist() == [65, 30]

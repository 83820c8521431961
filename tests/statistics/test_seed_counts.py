"""What a number of seeds can show, and what is said of too few."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from configs import PAPER, QUICK, SIGNS

from spikeloc.config.expansion import expand
from spikeloc.config.loading import load_config
from spikeloc.statistics.seed_counts import (
    can_reject,
    is_significant,
    seeds_to_reject,
    smallest_p,
    too_few_seeds,
)


@pytest.mark.parametrize("seeds", [1, 2, 3, 7])
def test_smallest_p_is_that_of_equal_signs(seeds: int) -> None:
    flips = np.array([sum(signs) for signs in product((-1, 1), repeat=seeds)])
    assert smallest_p(seeds) == np.mean(np.abs(flips) >= seeds)


@pytest.mark.parametrize(("p", "significant"), [(0.0499, True), (0.05, False), (np.nan, False)])
def test_significant_is_below_the_level(p: float, significant: bool) -> None:
    assert is_significant(p) == significant


def test_drawn_flips_bound_the_smallest_p() -> None:
    assert smallest_p(10) == 2 / 1024
    assert smallest_p(31) == smallest_p(500) == 1e-5


@pytest.mark.parametrize(
    ("comparisons", "seeds"),
    # 2^-5 = 0.031; 2 * 2^-6 = 0.031; 3 * 2^-6 = 0.047; 4 * 2^-7 = 0.031; 10 * 2^-8 = 0.039
    [(1, 6), (2, 7), (3, 7), (4, 8), (10, 9)],
)
def test_seeds_that_a_family_takes(comparisons: int, seeds: int) -> None:
    assert seeds_to_reject(comparisons) == seeds
    assert can_reject(seeds, comparisons) and not can_reject(seeds - 1, comparisons)


def test_only_experiments_that_cannot_reject_are_named() -> None:
    families = {
        "one": (7, 1),
        "placement": (7, 2),
        "sweep": (7, 10),
        "alone": (7, 0),
        "few": (5, 1),
    }
    assert too_few_seeds(families) == (
        "warning: too few seeds for any comparison to reach p < 0.05 after Holm's "
        "correction: sweep takes 9 (of 7), few takes 6 (of 5)"
    )
    assert too_few_seeds({"sweep": (9, 10), "alone": (1, 0)}) == ""


def families(path: str) -> dict[str, tuple[int, int]]:
    """Seeds and comparisons of each experiment that is not a grid."""
    config = load_config(path)
    conditions: dict[str, dict[str, int]] = {}
    for run in expand(config):
        conditions.setdefault(run.experiment, {})[run.condition] = len(run.seeds)
    return {
        name: (min(each.values()), len(each) - 1)
        for name, each in conditions.items()
        if not config.experiments[name].grid
    }


@pytest.mark.parametrize("path", [PAPER, SIGNS], ids=lambda path: path.stem)
def test_the_papers_seeds_can_reject_in_every_experiment(path: Path) -> None:
    assert too_few_seeds(families(str(path))) == ""


def test_the_quick_configs_cannot() -> None:
    assert "inhibition_placement takes 7 (of 3)" in too_few_seeds(families(str(QUICK)))

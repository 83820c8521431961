"""What a number of seeds can show, and what is said of too few."""

from itertools import product

import numpy as np
import pytest

from configs import PAPER, QUICK
from spikeloc.expansion import expand
from spikeloc.loading import load_config
from spikeloc.rejection import can_reject, seeds_to_reject, smallest_p, too_few_seeds


@pytest.mark.parametrize("seeds", [1, 2, 3, 7])
def test_smallest_p_is_that_of_equal_signs(seeds: int) -> None:
    flips = np.array([sum(signs) for signs in product((-1, 1), repeat=seeds)])
    assert smallest_p(seeds) == np.mean(np.abs(flips) >= seeds)


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
    said = too_few_seeds(7, {"one": 1, "placement": 2, "sweep": 10, "alone": 0})
    assert said == (
        "warning: too few seeds (7) for any comparison to reach p <= 0.05 after Holm's "
        "correction: sweep takes 9"
    )
    assert too_few_seeds(9, {"one": 1, "placement": 2, "sweep": 10, "alone": 0}) == ""


def families(path: str) -> tuple[int, dict[str, int]]:
    config = load_config(path)
    conditions: dict[str, set[str]] = {}
    for run in expand(config):
        conditions.setdefault(run.experiment, set()).add(run.condition)
    return len(config.seeds), {name: len(each) - 1 for name, each in conditions.items()}


def test_the_papers_seeds_can_reject_in_every_experiment() -> None:
    seeds, comparisons = families(str(PAPER))
    assert max(comparisons.values()) == 10
    assert too_few_seeds(seeds, comparisons) == ""


def test_the_quick_configs_cannot() -> None:
    said = too_few_seeds(*families(str(QUICK)))
    assert "too few seeds (3)" in said and said.count("takes 7") == 4

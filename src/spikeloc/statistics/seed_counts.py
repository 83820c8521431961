"""Whether a number of seeds can show a difference at all, known before anything is trained."""

from collections.abc import Mapping

SIGNIFICANCE = 0.05
EXACT_UP_TO = 30  # seeds; beyond, flips are drawn
DRAWN_FLIPS = 99_999


def smallest_p(seeds: int) -> float:
    """The least two-sided sign-flip p: all differences of one sign, 2 of all 2^n flips."""
    return 2.0 ** (1 - seeds) if seeds <= EXACT_UP_TO else 1 / (DRAWN_FLIPS + 1)


def is_significant(p: float) -> bool:
    """Whether a p value, corrected where there is a family, is small enough."""
    return p < SIGNIFICANCE


def can_reject(seeds: int, comparisons: int) -> bool:
    """Whether the smallest p times the family's size, Holm's first step, is small enough."""
    return is_significant(smallest_p(seeds) * comparisons)


def seeds_to_reject(comparisons: int) -> int:
    """The fewest seeds with which one of so many comparisons could be significant."""
    return next(n for n in range(1, EXACT_UP_TO + 1) if can_reject(n, comparisons))


def too_few_seeds(families: Mapping[str, tuple[int, int]]) -> str:
    """One line that names each experiment whose comparisons cannot show anything, or nothing.

    families: how many seeds each experiment has and how many comparisons it makes in one family.
    """
    lacking = [
        f"{name} takes {seeds_to_reject(count)} (of {seeds})"
        for name, (seeds, count) in families.items()
        if count and not can_reject(seeds, count)
    ]
    if not lacking:
        return ""
    return (
        f"warning: too few seeds for any comparison to reach p < {SIGNIFICANCE} "
        f"after Holm's correction: {', '.join(lacking)}"
    )

"""Studentised bootstrap interval of a mean over few values."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from spikeloc.io.randomness import uniform

RESAMPLES = 100_000  # of up to 100 values
FEWEST = 1000  # of any number of values
WEIGHTS = 10_000_000  # resamples times values, beyond 100 values: 0.1 GB
LEVEL = 0.95
PART = 1 << 13  # resamples that are worked on at once: their arrays fit into a processor's cache
SUMS = 8  # are added up side by side


# scipy.stats.bootstrap has no random weights, and its intervals (BCa) cover less, as told below.
def bootstrap_interval(values: npt.ArrayLike) -> tuple[float, float]:
    """95 % interval of the mean: bootstrap t with Beta(1/2, 3/2) weights
    (docs/model.md, "Statistics").

    A resample gives each value a random weight instead of a count; its mean, less that of the
    values and divided by its weighted sd, is the t whose quantiles make the interval (Owen 2025,
    "Better bootstrap t confidence intervals for the mean", arXiv:2508.10083). Counts leave
    resamples without any spread: for three values, or where many are equal, the interval would
    have no end. Weights do not.

    Coverage in per cent, over 10,000 samples of 5 and of 10 values each:

    ============ ============ ============ ============ ============
    values       this         with counts  BCa          Student's t
    ============ ============ ============ ============ ============
    normal       94.4   94.7  94.9   94.8  83.6   90.1  94.7   94.8
    exponential  91.3   93.4  93.6   94.3  80.4   88.1  89.0   90.3
    log-normal   86.1   88.4  89.8   90.6  74.7   82.6  82.1   83.6
    ============ ============ ============ ============ ============

    Those with counts are 1.3 to 1.7 times as wide as t's at n = 5 (medians), these 1.0 to 1.1.

    Args:
        values: at least two finite ones; neither their order nor anything else in the config
            matters, since the weights depend on their number alone.

    Returns:
        The two ends, both the common value if all are equal.
    """
    values = np.sort(np.asarray(values, dtype=np.float64))
    if values[0] == values[-1]:
        return float(values[0]), float(values[0])
    mean, sd = values.mean(), values.std()
    if sd == 0:  # the squares of tiny numbers are 0
        return float(mean), float(mean)
    scores = (values - mean) / sd
    resamples = number_of_resamples(len(values))
    weights = _weights(len(values), resamples)
    parts = [_ts(weights[:, at : at + PART], scores) for at in range(0, resamples, PART)]
    tail = round((1 - LEVEL) / 2 * resamples)
    ts = np.partition(np.concatenate(parts), [tail - 1, -tail])
    return float(mean - ts[-tail] * sd), float(mean - ts[tail - 1] * sd)


def number_of_resamples(n: int) -> int:
    """An even number, smaller for many values: their t is close to normal."""
    return min(RESAMPLES, max(FEWEST, WEIGHTS // n // 2 * 2))


def _ts(
    weights: npt.NDArray[np.float64], scores: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """t of each resample, in the order of the columns of ``weights``."""
    pairs = list(zip(weights, scores, strict=True))
    means = added(len(pairs), (weight * score for weight, score in pairs))
    squares = added(len(pairs), (weight * (score - means) ** 2 for weight, score in pairs))
    ts: npt.NDArray[np.float64] = means / np.sqrt(squares)
    return ts


def added(count: int, terms: Iterable[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    """The sum of ``count`` arrays: eight sums side by side, from eight arrays on.

    That is the order in which numpy adds the numbers of a row, up to 128 of them; adding whole
    arrays takes half the time. The arrays are overwritten.
    """
    terms = iter(terms)
    whole = count - count % SUMS
    sums = [next(terms) for _ in range(SUMS if whole else 1)]
    for place in range(SUMS, whole):
        sums[place % SUMS] += next(terms)
    while len(sums) > 1:
        sums = [one + other for one, other in zip(sums[::2], sums[1::2], strict=True)]
    for term in terms:
        sums[0] += term
    return sums[0]


@lru_cache(maxsize=4)
def _weights(n: int, resamples: int) -> npt.NDArray[np.float64]:
    """Weights of n values that sum to 1, (n, resamples), always the same for one n.

    So networks that several experiments share have one interval. Every resample is there backwards
    too, so that values mirrored give the interval mirrored. The squared abscissa of a random point
    in the unit disc follows Beta(1/2, 3/2).
    """
    shape = (2, resamples // 2, n)
    squared_radius, turn = uniform(0, f"bootstrap/{n}", resamples * n).reshape(shape)
    weights = squared_radius * np.cos(np.pi * turn) ** 2
    weights /= weights.sum(axis=1, keepdims=True)
    weights = np.ascontiguousarray(weights.T)
    weights = np.concatenate([weights, weights[::-1]], axis=1)
    weights.flags.writeable = False
    return weights

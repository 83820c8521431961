"""Comparisons within seeds: each condition of an experiment against its reference condition."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaln

from spikeloc.io.randomness import raw_words
from spikeloc.metrics import declared
from spikeloc.statistics.seed_counts import DRAWN_FLIPS, EXACT_UP_TO, can_reject, smallest_p
from spikeloc.statistics.summaries import summarise, unit_means

Floats = npt.NDArray[np.float64]
NAMES = ["experiment", "condition", "reference", "variant"]
TESTS = ["p", "p_holm", "effect_size", "smallest_p", "can_reject"]


# scipy.stats.permutation_test draws flips from 13 differences on, each time others unless it is
# given a generator; here half of the sums against the other half are exact up to 30, and fast.
def sign_flip_p(differences: npt.ArrayLike, stream: str) -> float:
    """Two-sided permutation p of the mean of paired differences; NaN if there are none
    (docs/model.md, "Statistics").

    Were the conditions exchangeable within seeds, each difference could as well have the other
    sign. p is the share of all 2^n choices of signs whose mean is at least as far from 0 as the
    one seen (Fisher 1935, "The design of experiments"), counted exactly up to ``EXACT_UP_TO``
    seeds. Beyond, ``DRAWN_FLIPS`` choices are drawn from the random stream ``stream``, and the one
    seen counts as one more (Phipson & Smyth 2010, doi 10.2202/1544-6115.1585).

    Args:
        differences: finite, one for each seed. Those that are 0 stay in: flipping them changes
            nothing.
    """
    values = np.sort(np.asarray(differences, dtype=np.float64))
    n = len(values)
    if n == 0:
        return math.nan
    # sums that differ only by rounding are ties
    bound = abs(values.sum()) - 1e-12 * np.abs(values).sum()
    if bound <= 0:
        return 1.0
    if n <= EXACT_UP_TO:
        return 2 * _flips_above(values, bound) / 2**n  # the two tails mirror each other
    return (1 + _drawn_flips_beyond(values, bound, stream)) / (1 + DRAWN_FLIPS)


def _flips_above(values: Floats, bound: float) -> int:
    """How many signed sums are ``bound`` or more: those of one half against the other's, sorted."""
    half = len(values) // 2
    left, right = _signed_sums(values[:half]), np.sort(_signed_sums(values[half:]))
    return int((len(right) - np.searchsorted(right, bound - left)).sum())


def _signed_sums(values: Floats) -> Floats:
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums - value, sums + value])
    return sums


def _drawn_flips_beyond(values: Floats, bound: float, stream: str) -> int:
    words = raw_words(0, stream, DRAWN_FLIPS * -(-len(values) // 64))
    eights = words.view(np.uint8).reshape(DRAWN_FLIPS, -1).T
    padded = np.zeros(8 * len(eights))
    padded[: len(values)] = values
    signs = 2.0 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1) - 1
    sums = np.zeros(DRAWN_FLIPS)
    for eight, chosen in zip(padded.reshape(-1, 8), eights, strict=True):
        sums += (signs @ eight)[chosen]  # the 256 sums of eight values are tabulated
    return int((np.abs(sums) >= bound).sum())


def holm(p: npt.ArrayLike) -> Floats:
    """Holm's step-down adjustment of one family's p values (Holm 1979, Scand J Stat 6:65)."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(steps, 1)
    return adjusted


def effect_size(mean: float, sd: float, n: int) -> float:
    """Standardised mean of paired differences: d_z = mean / sd, with Hedges' correction.

    d_z overstates what is there in small samples; the exact factor, for n - 1 degrees of freedom,
    makes it unbiased for normal differences (Hedges 1981, doi 10.3102/10769986006002107; d_z:
    Lakens 2013, doi 10.3389/fpsyg.2013.00863). NaN below 3 differences, where there is no such
    factor, and where they do not vary (by more than rounding).
    """
    if n < 3 or sd <= 1e-12 * abs(mean):
        return math.nan
    df = n - 1
    factor = math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    return mean / sd * factor


def comparison_table(runs: pd.DataFrame, reference: str) -> pd.DataFrame:
    """How each condition of one experiment differs from its reference condition within seeds.

    One row for each condition, variant and metric that both have, over the seeds of ``unit_means``
    in which both have a network that has not diverged: ``summarise`` of the differences (condition
    minus reference), :func:`sign_flip_p` and :func:`effect_size`. ``p_holm`` is p adjusted for its
    family: one metric within one experiment and variant. ``smallest_p`` is the least that p could
    be with so many seeds, and ``can_reject`` whether that times the family's size is significant.
    """
    rows = []
    for variant, group in unit_means(runs).groupby("variant", sort=False):
        by_seed = {
            name: own.set_index("seed") for name, own in group.groupby("condition", sort=False)
        }
        base = by_seed.pop(reference)
        for condition, own in by_seed.items():
            names = {"experiment": own["experiment"].iloc[0], "condition": condition}
            names |= {"reference": reference, "variant": variant}
            rows += [names | row for row in _paired(own, base, "/".join(names.values()))]
    columns = [*NAMES, "metric", *summarise([]), *TESTS]
    table = pd.DataFrame(rows, columns=columns)
    for _, family in table.groupby(["variant", "metric"], sort=False):
        tested = family.index[family["n"] > 0]
        table.loc[tested, "p_holm"] = holm(table.loc[tested, "p"])
        table.loc[tested, "can_reject"] = [can_reject(n, len(tested)) for n in family["n"][tested]]
    return table


def _paired(own: pd.DataFrame, base: pd.DataFrame, name: str) -> list[dict[str, Any]]:
    """A row for each metric: of one condition's seeds less those of the reference."""
    own, base = own.align(base, join="inner", axis=0)
    usable = (own["networks"] > 0) & (base["networks"] > 0)
    rows: list[dict[str, Any]] = []
    for metric in declared.metric_names():
        differences = (own[metric] - base[metric]).to_numpy()
        differences = differences[np.isfinite(differences)]
        if usable.any() and not len(differences):
            continue
        summary = summarise(differences)
        n = len(differences)
        rows.append({"metric": metric} | summary | {
            "p": sign_flip_p(differences, f"flips/{name}/{metric}"),
            "p_holm": math.nan,
            "effect_size": effect_size(summary["mean"], summary["sd"], n),
            "smallest_p": smallest_p(n) if n else math.nan,
            "can_reject": False,
        })  # fmt: skip
    return rows

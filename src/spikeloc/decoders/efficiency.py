"""Networks beside the ideal observer of their stimulus: what is possible, and how near they come
(docs/model.md, "Ideal observer")."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri, stdtrit  # scipy.stats takes most of a second

from spikeloc.config.run_names import RUN_KEY
from spikeloc.statistics.summaries import unit_means


class Level(NamedTuple):
    """The observer's score, its 95 % interval, and the score of an observer that guesses."""

    score: float
    low: float
    high: float
    chance: float


def ceiling_table(
    observed: Sequence[pd.DataFrame],
    run_names: Sequence[Mapping[str, Any]],
    phase_known: Sequence[bool],
) -> pd.DataFrame:
    """One row for each run: its names, and the ideal observer of its stimulus.

    Args:
        observed: the observer's table of each run's stimulus.
        run_names: the names of each run, its first columns.
        phase_known: whether each run's observer knows the starting phase.
    """
    rows = []
    for table, names, known in zip(observed, run_names, phase_known, strict=True):
        rows.append({**names, **table[table["phase_known"] == known].iloc[0]})
    return pd.DataFrame(rows)


def efficiency_table(runs: pd.DataFrame, ceiling: pd.DataFrame) -> pd.DataFrame:
    """Share in percent of what the observer has over chance that each condition's networks reach.

    ``accuracy_share``: of the gap between chance (one in as many as there are classes) and the
    observer's accuracy on test data; ``information_share``: of the observer's bits. Means over
    ``n`` seeds, of the networks that have not diverged. See :func:`share` for the intervals.
    """
    rows = []
    means = unit_means(runs)
    means = means[means["networks"] > 0]
    for names in ceiling.to_dict("records"):
        own = means[(means[RUN_KEY] == [names[name] for name in RUN_KEY]).all(axis=1)]
        accuracy = _level(names, "accuracy{}", 100 / names["classes"])
        bits = _level(names, "information{}_bits", 0)
        rows.append(
            {name: names[name] for name in RUN_KEY}
            | {"n": len(own)}
            | _with_ends("accuracy_share", share(own["test_accuracy"], accuracy))
            | _with_ends("information_share", share(own["test_information_bits"], bits))
        )
    return pd.DataFrame(rows)


def share(values: npt.ArrayLike, level: Level) -> tuple[float, float, float]:
    """Mean share (percent) of the observer's gap over chance that values close, and its interval.

    The 95 % interval joins two errors in quadrature: that of the mean over seeds, and that of
    the observer's own score, which is estimated from samples and scales all shares alike. The
    quantile is Student's t of the seeds' n - 1 degrees of freedom. Without values, or where
    the observer's interval includes chance, there is no share; with one value no interval.
    """
    gap = level.score - level.chance
    over_chance = np.asarray(values, dtype=np.float64) - level.chance
    n = len(over_chance)
    if n == 0 or not level.low > level.chance:
        return np.nan, np.nan, np.nan
    shares = 100 * over_chance / gap
    mean = shares.mean()
    if n == 1:
        return mean, np.nan, np.nan
    of_networks = shares.std(ddof=1) / np.sqrt(n)
    of_observer = mean * (level.high - level.low) / (2 * ndtri(0.975)) / gap
    half = stdtrit(n - 1, 0.975) * np.hypot(of_networks, of_observer)
    return mean, mean - half, mean + half


def _level(ceiling: Mapping[Hashable, Any], column: str, chance: float) -> Level:
    """The observer's level; none without information, where it is over chance by luck only."""
    if pd.isna(ceiling["crb_deg"]):
        return Level(np.nan, np.nan, np.nan, chance)
    score, low, high = (ceiling[column.format(end)] for end in ("", "_low", "_high"))
    return Level(score, low, high, chance)


def _with_ends(name: str, values: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip((f"{name}_percent", f"{name}_low", f"{name}_high"), values, strict=True))

"""Summaries over seeds.

The unit is the seed, that is its data: several networks trained on the data of one seed are
averaged first and count once.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.config.run_names import PHASE_NAMES, SUMMARY_NAMES
from spikeloc.metrics import declared
from spikeloc.statistics.bootstrap import bootstrap_interval


def unit_means(runs: pd.DataFrame) -> pd.DataFrame:
    """One row for each condition, variant and seed: each metric's mean over the seed's networks.

    Args:
        runs: one row for each network, as in ``runs.csv``.

    Returns:
        The conditions in their order, seeds ascending, with ``networks``, how many were averaged,
        and ``diverged``, how many were left out. A seed without any other network has gaps.
    """
    order = runs.groupby(SUMMARY_NAMES, sort=False, dropna=False).ngroup()
    ordered = runs.assign(order=order).sort_values(["order", "seed", "network"], kind="stable")
    networks = ordered.assign(networks=~ordered["diverged"])
    metrics = declared.metric_names()
    networks[metrics] = networks[metrics].astype(float).where(networks["networks"])
    grouped = networks.groupby([*SUMMARY_NAMES, "seed"], sort=False, dropna=False)
    means = grouped[metrics].mean()
    return means.join(grouped[["networks", "diverged"]].sum()).reset_index()


def summarise(values: npt.ArrayLike) -> dict[str, float]:
    """n, mean, sd (n - 1), 95 % bootstrap interval of the mean, median, min, max of finite values.

    With one value there is no sd and no interval; with none there is only ``n`` = 0. The order of
    the values does not matter to the last bit.
    """
    finite = np.asarray(values, dtype=np.float64)
    finite = np.sort(finite[np.isfinite(finite)])
    n = len(finite)
    names = ("mean", "sd", "ci95_low", "ci95_high", "median", "min", "max")
    summary = {"n": n} | dict.fromkeys(names, np.nan)
    if n == 0:
        return summary
    low, high = finite[0], finite[-1]
    mean = low if low == high else finite.mean()  # the sum of equal values may be rounded
    summary |= {"mean": mean, "median": np.median(finite), "min": low, "max": high}
    if n > 1:
        ends = bootstrap_interval(finite)
        summary |= {"sd": np.sqrt(((finite - mean) ** 2).sum() / (n - 1))}
        summary |= dict(zip(("ci95_low", "ci95_high"), ends, strict=True))
    return summary


def over_seeds(table: pd.DataFrame, keys: Sequence[str], metrics: Sequence[str]) -> pd.DataFrame:
    """One row for each value of the keys and metric: :func:`summarise` over seeds.

    Args:
        table: one or more rows for each seed, for example one for each network; they are averaged
            first.
        keys, metrics: columns of the table.
    """
    rows = []
    for values, group in table.groupby(list(keys), sort=False, dropna=False):
        names = dict(zip(keys, values, strict=True))
        by_seed = group.groupby("seed")[list(metrics)].mean()
        rows += [names | {"metric": metric} | summarise(by_seed[metric]) for metric in metrics]
    return pd.DataFrame(rows, columns=[*keys, "metric", *summarise([])])


def summary_table(runs: pd.DataFrame) -> pd.DataFrame:
    """One row for each experiment, condition, variant and metric, over the seeds of ``unit_means``.

    ``n`` counts seeds, ``diverged`` the networks left out. A metric that a condition does not
    have has no row.
    """
    means, metrics = unit_means(runs), declared.metric_names()
    grouped = means.groupby(SUMMARY_NAMES, sort=False, dropna=False)
    known = (grouped[metrics].count() > 0).to_numpy()
    all_diverged = (grouped["networks"].sum() == 0).to_numpy()
    table = over_seeds(means, SUMMARY_NAMES, metrics)
    table["diverged"] = grouped["diverged"].sum().to_numpy().repeat(len(metrics))
    return table[(known | all_diverged[:, None]).ravel()].reset_index(drop=True)


def tests_table(tests: pd.DataFrame) -> pd.DataFrame:
    """One row for each run, test, tested value and metric that the run's networks have."""
    keys = [*PHASE_NAMES, "test", "parameter", "tested", "value"]
    summary = over_seeds(tests, keys, declared.ON_TEST_DATA)
    return summary[summary["n"] > 0]

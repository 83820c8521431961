"""Summaries over seeds.

The unit is the seed, that is its data: several networks trained on the data of one seed are
averaged first and count once.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.statistics.bootstrap import bootstrap_interval

METRICS = (
    "train_accuracy",
    "test_accuracy",
    "train_abs_error_deg",
    "test_abs_error_deg",
    "test_class_error_deg",
    "train_loss",
    "val_loss",
    "hidden_rate_hz",
    "epochs",
    "test_information_bits",
    "best_epoch",
    "w1_dead_percent",
    "w2_dead_percent",
    "w1_entropy_start",
    "w2_entropy_start",
    "w1_entropy",
    "w2_entropy",
    "start_rate_hz",
)
GROUP = ["experiment", "condition", "label", "parameter", "value", "variant"]


def unit_means(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per condition, variant and seed: each metric's mean over the seed's networks.

    Args:
        runs: a row a network; those of one seed may be told apart by a column ``network``.

    Returns:
        The conditions in their order, seeds ascending, with ``networks``, how many were averaged,
        and ``diverged``, how many were left out. A seed without any other network has gaps.
    """
    order = runs.groupby(GROUP, sort=False, dropna=False).ngroup()
    keys = [name for name in ("seed", "network") if name in runs]
    ordered = runs.assign(order=order).sort_values(["order", *keys], kind="stable")
    networks = ordered.assign(networks=~ordered["diverged"])
    networks[list(METRICS)] = networks[list(METRICS)].astype(float).where(networks["networks"])
    grouped = networks.groupby([*GROUP, "seed"], sort=False, dropna=False)
    means = grouped[list(METRICS)].mean()
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


def summary_table(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per experiment, condition, variant and metric, over the seeds of ``unit_means``.

    ``n`` counts seeds, ``diverged`` the networks left out. A metric that a condition does not
    have has no row.
    """
    rows = []
    for keys, group in unit_means(runs).groupby(GROUP, sort=False, dropna=False):
        diverged = int(group["diverged"].sum())
        for metric in METRICS:
            if not group["networks"].any() or group[metric].notna().any():
                about = dict(zip(GROUP, keys, strict=True)) | {"metric": metric}
                rows.append(about | summarise(group[metric]) | {"diverged": diverged})
    return pd.DataFrame(rows)

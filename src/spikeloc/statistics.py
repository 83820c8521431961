"""Summaries over seeds, and differences within them."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import t as student_t

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
)
GROUP = ["experiment", "condition", "label", "parameter", "value", "variant"]


def summarise(values: npt.ArrayLike) -> dict[str, float]:
    """n, mean, sd (n - 1), 95 % t interval of the mean, median, min and max of finite values.

    With one value there is no sd and no interval; with none there is only ``n`` = 0.
    """
    finite = np.asarray(values, dtype=np.float64)
    finite = finite[np.isfinite(finite)]
    n = len(finite)
    names = ("mean", "sd", "ci95_low", "ci95_high", "median", "min", "max")
    summary = {"n": n} | dict.fromkeys(names, np.nan)
    if n == 0:
        return summary
    mean = finite.mean()
    summary |= {
        "mean": mean, "median": np.median(finite), "min": finite.min(), "max": finite.max()
    }  # fmt: skip
    if n > 1:
        sd = finite.std(ddof=1)
        half = student_t.ppf(0.975, n - 1) * sd / np.sqrt(n)
        summary |= {"sd": sd, "ci95_low": mean - half, "ci95_high": mean + half}
    return summary


def summary_table(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per experiment, condition, variant and metric, over the networks not diverged.

    ``diverged`` counts those left out. A metric that a condition does not have has no row.
    """
    rows = []
    for keys, group in runs.groupby(GROUP, sort=False, dropna=False):
        usable = group[~group["diverged"]]
        for metric in METRICS:
            if usable.empty or usable[metric].notna().any():
                summary = summarise(usable[metric])
                diverged = int(group["diverged"].sum())
                rows.append(dict(zip(GROUP, keys, strict=True)) | {"metric": metric} | summary
                            | {"diverged": diverged})  # fmt: skip
    return pd.DataFrame(rows)


def difference_table(runs: pd.DataFrame, reference: str) -> pd.DataFrame:
    """How each condition of one experiment differs from its reference condition within seeds.

    One row per condition, variant and metric that both have: ``summarise`` of the differences
    (condition minus reference) over the seeds in which neither network has diverged, ``n`` = 0 if
    there are none.
    """
    rows = []
    for variant, group in runs.groupby("variant", sort=False):
        by_seed = {
            name: own.set_index("seed") for name, own in group.groupby("condition", sort=False)
        }
        base = by_seed.pop(reference)
        for condition, own in by_seed.items():
            about = {"experiment": own["experiment"].iloc[0], "condition": condition}
            about |= {"reference": reference, "variant": variant}
            usable = ~(own["diverged"] | base["diverged"])
            for metric in METRICS:
                paired = (own[metric] - base[metric])[usable]
                if not usable.any() or paired.notna().any():
                    rows.append(about | {"metric": metric} | summarise(paired))
    columns = ["experiment", "condition", "reference", "variant", "metric", *summarise([])]
    return pd.DataFrame(rows, columns=columns)

"""Whether longer training still improves networks (docs/model.md, "Convergence")."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikeloc.config.run_names import SUMMARY_NAMES
from spikeloc.statistics.summaries import summarise, unit_means

# A condition has converged at a budget of epochs if the whole interval of what it gains over the
# next smaller budget lies below so many percentage points.
MARGIN_POINTS = 1.0
METRIC = "test_accuracy"


def convergence_table(runs: pd.DataFrame, budgets: Mapping[str, int]) -> pd.DataFrame:
    """One row for each condition and budget of one experiment, the smallest budget first.

    Args:
        runs: one row for each network, as in ``runs.csv``.
        budgets: the number of epochs of each variant, rising.

    Returns:
        ``accuracy`` is the mean over seeds with its interval; ``gain`` is the mean difference from
        the next smaller budget within seeds, NaN for the smallest. ``converged``: whether the whole
        interval of the gain lies below ``MARGIN_POINTS``. ``cap_reached``: whether it has
        not converged at the largest budget.
    """
    means = unit_means(runs).set_index("seed")
    rows: list[dict[str, Any]] = []
    for _, condition in means.groupby("condition", sort=False):
        by_variant = dict(iter(condition.groupby("variant")))
        smaller: pd.Series | float = math.nan  # of the next smaller budget, by seed
        for variant, epochs in budgets.items():
            accuracy = by_variant[variant][METRIC]
            gain = summarise(accuracy - smaller)
            converged = bool(gain["ci95_high"] < MARGIN_POINTS)
            largest = epochs == max(budgets.values())
            rows.append(
                by_variant[variant].iloc[0][SUMMARY_NAMES].to_dict()
                | {"epochs": epochs}
                | _named(summarise(accuracy), "n", "accuracy")
                | _named(gain, "pairs", "gain")
                | {"converged": converged, "cap_reached": largest and not converged}
            )
            smaller = accuracy
    return pd.DataFrame(rows)


def _named(summary: Mapping[str, float], count: str, name: str) -> dict[str, float]:
    names = {"n": count, "mean": name, "ci95_low": f"{name}_low", "ci95_high": f"{name}_high"}
    return {new: summary[old] for old, new in names.items()}

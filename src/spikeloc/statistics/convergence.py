"""Whether longer training still improves networks (docs/model.md, "Convergence")."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from spikeloc.config.run_names import SUMMARY_NAMES
from spikeloc.statistics.summaries import summarise, unit_means

# A condition has converged at a budget of epochs if its mean accuracy is less than so many
# percentage points above that at the next smaller budget.
MARGIN_POINTS = 1.0
METRIC = "test_accuracy"


def convergence_table(runs: pd.DataFrame, budgets: Mapping[str, int]) -> pd.DataFrame:
    """One row for each condition and budget of one experiment, the smallest budget first.

    Args:
        runs: one row for each network, as in ``runs.csv``.
        budgets: the number of epochs of each variant, rising.

    Returns:
        ``accuracy`` is the mean over seeds with its interval; ``gain`` is the mean difference from
        the next smaller budget within seeds, NaN for the smallest. ``converged``: whether the gain
        is less than ``MARGIN_POINTS``. ``cap_reached``: whether it is not at the largest budget.
    """
    means = unit_means(runs).set_index("seed")
    rows: list[dict[str, Any]] = []
    for _, condition in means.groupby("condition", sort=False):
        by_variant = dict(iter(condition.groupby("variant")))
        for before, variant in pairwise([None, *budgets]):
            own = by_variant[variant]
            smaller = own[METRIC] * math.nan if before is None else by_variant[before][METRIC]
            gain = summarise(own[METRIC] - smaller)
            converged = bool(gain["mean"] < MARGIN_POINTS)
            last = variant == [*budgets][-1]
            rows.append(
                own.iloc[0][SUMMARY_NAMES].to_dict()
                | {"epochs": budgets[variant]}
                | _named(summarise(own[METRIC]), "n", "accuracy")
                | _named(gain, "pairs", "gain")
                | {"converged": converged, "cap_reached": last and not converged}
            )
    return pd.DataFrame(rows)


def _named(summary: Mapping[str, float], count: str, name: str) -> dict[str, float]:
    names = {"n": count, "mean": name, "ci95_low": f"{name}_low", "ci95_high": f"{name}_high"}
    return {new: summary[old] for old, new in names.items()}

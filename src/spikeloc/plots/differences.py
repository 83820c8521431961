"""Differences from the reference condition within seeds: one for each seed, for panels."""

import pandas as pd

from spikeloc.config.run_names import RUN_KEY
from spikeloc.statistics.summaries import unit_means


def by_seed(runs: pd.DataFrame, comparisons: pd.DataFrame, metric: str) -> pd.DataFrame:
    """A condition's metric minus that of its reference, for each seed in which both have one.

    Args:
        runs: rows of ``runs.csv``, of one or several experiments.
        comparisons: their rows of ``comparisons.csv``, which name the references.

    Returns:
        Columns experiment, condition, variant, seed, difference.
    """
    means = unit_means(runs)[[*RUN_KEY, "seed", metric]]
    references = comparisons[[*RUN_KEY, "reference"]].drop_duplicates()
    base = means.rename(columns={"condition": "reference", metric: "base"})
    both = means.merge(references).merge(base)
    both["difference"] = both[metric] - both["base"]
    return both[[*RUN_KEY, "seed", "difference"]].dropna()

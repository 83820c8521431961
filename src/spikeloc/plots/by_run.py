"""Shared drawing of analyses of trained networks: one row for each run."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from spikeloc.config.run_names import RUN_KEY, full_label
from spikeloc.plots import style


def runs_in(table: pd.DataFrame, experiment: str | None = None) -> pd.DataFrame:
    """The names of the runs in a table, or of one experiment in it: one row each, in order. Where
    there are several variants, labels end with theirs."""
    own = table if experiment is None else table[table["experiment"] == experiment]
    runs = own[[*RUN_KEY, "label", "parameter"]].drop_duplicates(RUN_KEY, ignore_index=True)
    if table["variant"].nunique() > 1:
        runs["label"] += ", " + runs["variant"]
    return runs


def of_run(table: pd.DataFrame, run: pd.Series) -> pd.DataFrame:
    """A run's rows of a table."""
    return table[(table[RUN_KEY] == run[RUN_KEY]).all(axis=1)]


def condition_axis(axes: Axes, runs: pd.DataFrame) -> None:
    """Give the y axis one row for each run, the first on top, and a line between experiments."""
    names = [full_label(*each) for each in runs[["parameter", "label"]].to_numpy()]
    axes.set(ylim=(len(runs) - 0.4, -0.6), yticks=range(len(runs)), yticklabels=names)
    axes.tick_params(axis="y", length=0)
    new = runs["experiment"].ne(runs["experiment"].shift()).to_numpy()
    for row in np.flatnonzero(new)[1:]:
        axes.axhline(row - 0.5, color=style.GREY, linewidth=0.5)


def draw_means(
    axes: Axes, summary: pd.DataFrame, metric: str, marks: dict[str, Any], shift: float = 0
) -> None:
    """Draw the mean of a metric over seeds with its 95 % interval, one row for each run."""
    own = summary[summary["metric"] == metric]
    y = np.arange(len(own)) + shift
    axes.hlines(y, own["ci95_low"], own["ci95_high"], color=marks["color"], linewidth=1.0)
    axes.plot(own["mean"], y, linestyle="none", markersize=3.5, **marks)

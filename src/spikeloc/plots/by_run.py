"""Shared drawing of what networks have learned: by condition, and runs told apart."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from spikeloc.config.run_names import RUN_KEY
from spikeloc.plots import style


def runs_in(table: pd.DataFrame, experiment: str | None = None) -> pd.DataFrame:
    """What the runs of a table are called, in their order, a row each; those of one experiment
    only, if it is given."""
    own = table if experiment is None else table[table["experiment"] == experiment]
    return own[[*RUN_KEY, "label", "parameter"]].drop_duplicates(RUN_KEY, ignore_index=True)


def of_run(table: pd.DataFrame, run: pd.Series) -> pd.DataFrame:
    """A run's rows of a table."""
    return table[(table[RUN_KEY] == run[RUN_KEY]).all(axis=1)]


def full_name(run: pd.Series) -> str:
    """A run's label, after the last word of what is swept: "fraction 0.5"."""
    return f"{run['parameter'].split('_')[-1]} {run['label']}".strip()


def condition_axis(axes: Axes, runs: pd.DataFrame) -> None:
    """Make the y axis one of runs, the first on top, with a line between experiments."""
    names = [full_name(run) for _, run in runs.iterrows()]
    axes.set(ylim=(len(runs) - 0.4, -0.6), yticks=range(len(runs)), yticklabels=names)
    axes.tick_params(axis="y", length=0)
    new = runs["experiment"].ne(runs["experiment"].shift()).to_numpy()
    for place in np.flatnonzero(new)[1:]:
        axes.axhline(place - 0.5, color=style.GREY, linewidth=0.5)


def draw_means(
    axes: Axes, summary: pd.DataFrame, metric: str, marks: dict[str, Any], shift: float = 0
) -> None:
    """Draw a metric's mean over seeds of every run, with its 95 % interval, a row a run."""
    own = summary[summary["metric"] == metric]
    y = np.arange(len(own)) + shift
    axes.hlines(y, own["ci95_low"], own["ci95_high"], color=marks["color"], linewidth=1.0)
    axes.plot(own["mean"], y, linestyle="none", markersize=3.5, **marks)

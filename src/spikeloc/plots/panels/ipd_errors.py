"""Errors by true IPD class: how often a class is recognised, how often it is taken for one farther
from the midline, and the mean bias; means over seeds with 95 % intervals."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikeloc.plots import style
from spikeloc.plots.by_run import of_run, runs_in

DRAWN_IF = "analysis"
DRAWN_FROM = {"errors": "tables/ipd_errors.csv"}
SIZE_MM = (style.DOUBLE_MM, 56.0)
SHOWN = 2  # runs of the first experiment
MARKS: tuple[dict[str, Any], ...] = ({"marker": "o"}, {"marker": "s", "markerfacecolor": "white"})
DODGE_DEG = 2.5
METRICS = {
    "accuracy": "Recognised (%)",
    "outward": "Taken for farther out (%)",
    "bias_deg": "Estimated − true class (°)",
}


def draw_metric(axes: Axes, errors: pd.DataFrame, metric: str) -> None:
    """Draw a metric against the true class for two runs of the first experiment, side by side."""
    runs = runs_in(errors, errors["experiment"].iloc[0])[:SHOWN]
    for (index, run), mark in zip(runs.iterrows(), MARKS, strict=False):
        own = of_run(errors, run)
        own = own[own["metric"] == metric]
        colour = style.VARIANTS[run["variant"]].colour
        x = own["true_ipd_deg"] + DODGE_DEG * (2 * index - len(runs) + 1)
        axes.vlines(x, own["ci95_low"], own["ci95_high"], color=colour, linewidth=0.8)
        axes.plot(x, own["mean"], color=colour, label=run["label"], markersize=3,
                  markeredgewidth=0.8, linestyle="none", **mark)  # fmt: skip
    style.ipd_axis(axes, "x", "True class (°)")
    axes.set_ylabel(METRICS[metric])


def draw(figure: Figure, *, errors: pd.DataFrame) -> None:
    """Draw how often each class is recognised or taken for one farther out, and the bias.

    errors: `results/tables/ipd_errors.csv`.
    """
    row = np.atleast_1d(figure.subplots(1, len(METRICS)))
    for axes, metric in zip(row, METRICS, strict=True):
        draw_metric(axes, errors, metric)
    row[0].set_ylim(0, 100)
    row[1].set_ylim(0, None)
    row[2].axhline(0, color=style.GREY, linewidth=0.6, linestyle=":")
    style.legend_above(figure, row[0].lines, columns=SHOWN)

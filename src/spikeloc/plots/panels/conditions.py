"""Test accuracy (%) by condition. Small marks are single networks; large marks are means with 95 %
intervals over seeds{printed}{observer}."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import conditions, style, sweep
from spikeloc.plots.ceiling import draw_ceiling

DRAWN_FROM = {
    "runs": "runs/{experiment}/runs.csv",
    "summary": "runs/{experiment}/summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
    "printed": "tables/printed.csv",
}
OPTIONS = {
    "xlabel": "",
    "title": "",
    "zoom": False,  # limit the axis of accuracy to the range of the data
}
FACTS = ("chance",)
SIZE_MM = (style.SINGLE_MM, 68.0)


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    printed: pd.DataFrame,
    ceiling: pd.DataFrame,
    chance: float,
    xlabel: str,
    title: str,
    zoom: bool,
) -> None:
    """Draw the test accuracy by condition.

    ceiling: the ideal observer of each condition; chance: in percent.
    """
    metric = "test_accuracy"
    axes = figure.add_subplot()
    printed = sweep.rows_of(printed, runs, metric)
    conditions.draw_conditions(axes, runs=runs, summary=summary, printed=printed, metric=metric)
    left, right = axes.get_xlim()
    edges = [left, *np.arange(0.5, runs["condition"].nunique() - 1), right]
    stretches = dict(zip(runs["condition"].unique(), itertools.pairwise(edges), strict=True))
    draw_ceiling(axes, ceiling, metric, stretches)
    shown = sweep.needed_range(runs, ceiling) if zoom else sweep.WHOLE_AXIS
    sweep.accuracy_axis(axes, metric, chance, shown)
    axes.set(xlabel=xlabel, title=title)
    interval = Line2D(
        [],
        [],
        color=style.GREY,
        marker="|",
        markersize=7,
        linestyle="none",
        label=sweep.INTERVAL_LABEL,
    )
    means = [style.mark_handle(variant, variant) for variant in style.variants_in(runs)]
    handles = sweep.legend_handles(
        runs,
        printed,
        metric,
        means=means,
        interval=interval,
        ceiling=ceiling,
        with_chance=shown[0] <= chance,
    )
    style.legend_above(figure, handles, columns=2)

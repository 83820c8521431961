"""Firing rates, silent units, weights near zero and percentiles of weights by condition: means over
seeds, with 95 % intervals for all but the percentiles."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import style
from spikeloc.plots.by_run import condition_axis, draw_means, runs_in

DRAWN_IF = "analysis"
DRAWN_FROM = {"statistics": "tables/unit_statistics.csv"}
SIZE_MM = (style.DOUBLE_MM, 76.0)
LAYERS: dict[str, dict[str, Any]] = {
    layer: {"color": mark.colour, "marker": mark.marker}
    for layer, mark in zip(("w1", "w2"), style.OTHERS, strict=False)
}
SHIFT = {"w1": -0.16, "w2": 0.16}
# The values for the initial weights, which are uniform up to their bound.
INITIAL: dict[str, Any] = {"color": style.GREY, "linestyle": ":", "linewidth": 0.8, "zorder": 1}


def draw_percentiles(axes: Axes, summary: pd.DataFrame, layer: str) -> None:
    """Draw the weights of a layer: the 5th to 95th percentile as a thin line, the quartiles as a
    thick line, and the median as a mark."""
    means = {
        metric: rows["mean"].to_numpy() for metric, rows in summary.groupby("metric", sort=False)
    }
    median = means[f"{layer}_p50"]
    y, colour = np.arange(len(median)) + SHIFT[layer], LAYERS[layer]["color"]
    for low, high, width in (("p5", "p95", 0.6), ("p25", "p75", 2.0)):
        ends = means[f"{layer}_{low}"], means[f"{layer}_{high}"]
        axes.hlines(y, *ends, color=colour, linewidth=width)
    axes.plot(median, y, linestyle="none", markersize=3, **LAYERS[layer])


def draw(figure: Figure, *, statistics: pd.DataFrame) -> None:
    """Draw one row for each run: rate, silent units, weights near zero, percentiles of weights.

    statistics: `results/tables/unit_statistics.csv`.
    """
    first, second, third, last = figure.subplots(1, 4, sharey=True, width_ratios=(1, 0.8, 1, 1.4))
    plain = {"color": style.PLAIN.colour, "marker": "o"}
    draw_means(first, statistics, "hidden_rate_hz", plain)
    first.set(xlabel="Hidden rate (sp/s)", xlim=(0, None))
    draw_means(second, statistics, "silent_percent", plain)
    second.set(xlabel="Silent units (%)", xlim=(-4, 104))
    for layer, marks in LAYERS.items():
        draw_means(third, statistics, f"{layer}_near_zero_percent", marks, SHIFT[layer])
        draw_percentiles(last, statistics, layer)
    third.axvline(5, **INITIAL)
    third.set(xlabel="Weights near zero (%)", xlim=(0, None))
    last.axvline(0.5, **INITIAL)
    last.set(xlabel="|weight| / initial bound", xscale="log", xlim=(0.003, None))
    for axes in (first, second, third, last):
        condition_axis(axes, runs_in(statistics))
        axes.tick_params(labelleft=axes is first)
    handles = [
        Line2D([], [], linestyle="none", markersize=3.5, label=layer.upper(), **marks)
        for layer, marks in LAYERS.items()
    ]
    handles.append(Line2D([], [], label="initial weights", **INITIAL))
    style.legend_above(figure, handles, columns=len(handles))

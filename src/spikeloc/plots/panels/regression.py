"""Errors of classifiers and regressions on test data, beside the smallest errors that are possible:
single networks, and their medians."""

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from spikeloc.plots import style
from spikeloc.plots.conditions import draw_conditions
from spikeloc.plots.sweep import network_handle

DRAWN_FROM = {
    "runs": "runs/{experiment}/runs.csv",
    "summary": "runs/{experiment}/summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
}
SIZE_MM = (style.DOUBLE_MM, 64.0)
ANGLE, CLASS = "test_abs_error_deg", "test_class_error_deg"
# The mean absolute value of a normal variable with sd 1.
MEAN_OF_SD = math.sqrt(2 / math.pi)
# The observer's estimate of the angle all but reaches the bound: a thin line on a broad one.
BOUNDS: dict[str, dict[str, Any]] = {
    "ideal observer, class": {
        "color": style.INK,
        "linestyle": (0, (1, 1)),
        "linewidth": 1.0,
        "zorder": 1,
    },
    "ideal observer, angle": {"color": style.INK, "linewidth": 0.6, "zorder": 1},
    "Cramér–Rao bound × √(2/π)": {
        "color": style.OTHERS[1].colour,
        "linewidth": 3.2,
        "zorder": 0.9,
    },
}


def bounds_deg(ceiling: pd.DataFrame, metric: str) -> dict[str, float]:
    """The smallest possible errors (degrees). ceiling: rows of `ceiling.csv` of one stimulus."""
    observer = ceiling.iloc[0]
    if metric == CLASS:
        return {"ideal observer, class": observer["class_error_deg"]}
    errors = (
        observer["abs_error_deg"],
        observer["angle_error_deg"],
        MEAN_OF_SD * observer["crb_deg"],
    )
    return dict(zip(BOUNDS, errors, strict=True))


def draw_error(
    axes: Axes, runs: pd.DataFrame, summary: pd.DataFrame, ceiling: pd.DataFrame, metric: str
) -> None:
    """Draw an error of all networks by condition, and its bounds."""
    draw_conditions(axes, runs=runs, summary=summary, metric=metric, centre="median")
    for name, error in bounds_deg(ceiling, metric).items():
        axes.axhline(error, **BOUNDS[name])
    axes.set_yscale("log")  # a few networks have errors of tens of degrees
    axes.yaxis.set_major_locator(FixedLocator([1, 2, 5, 10, 20, 50]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))


def draw(
    figure: Figure, *, runs: pd.DataFrame, summary: pd.DataFrame, ceiling: pd.DataFrame
) -> None:
    """Draw the distance between estimate and true IPD, and between the midpoints of their classes.

    runs, summary, ceiling: tables of the experiment, whose conditions all have the same stimulus.
    """
    left, right = figure.subplots(1, 2)
    draw_error(left, runs, summary, ceiling, ANGLE)
    left.set_ylabel("|estimate − true IPD| (°)")
    draw_error(right, runs, summary, ceiling, CLASS)
    right.set_ylabel("Between midpoints\nof classes (°)")
    ends = [*left.get_ylim(), *right.get_ylim()]
    for axes in (left, right):
        axes.set_ylim(min(ends), max(ends))
    handles = [
        *(style.mark_handle(variant, f"median, {variant}") for variant in style.variants_in(runs)),
        network_handle(runs, ANGLE),
        *(Line2D([], [], label=name, **line) for name, line in BOUNDS.items()),
    ]
    style.legend_above(figure, handles, columns=3)

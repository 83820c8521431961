"""Test accuracy against a jitter of the input spikes: of networks that were trained with the least
jitter, of networks that were trained with the jitter of the test, and of the ideal observer. Means
with 95 % intervals over seeds."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import style, sweep
from spikeloc.plots.ceiling import ceiling_handles, draw_ceiling

DRAWN_FROM = {
    "summary": "runs/{experiment}/summary.csv",
    "tests": "runs/{experiment}/tests_summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
}
FACTS = ("chance", "test")
OPTIONS = {
    "test": "",  # if empty, the first one of the experiment
    "experiment": "",  # where the panel is not of an experiment of this config
}
OF_KIND = {"experiment": "sweep"}
SIZE_MM = (style.SINGLE_MM, 50.0)
METRIC = "test_accuracy"
WITH: dict[str, Any] = {"marker": "o"}
WITH_LEAST: dict[str, Any] = {"marker": "o", "markerfacecolor": "white", "linestyle": "--"}


def draw_line(axes: Axes, rows: pd.DataFrame, label: str, **marks: Any) -> Line2D:
    """Draw means with a band of their intervals against the value, and return the line."""
    own = rows.sort_values("value")
    colour = style.VARIANTS[own["variant"].iloc[0]].colour
    axes.fill_between(
        own["value"], own["ci95_low"], own["ci95_high"], color=colour,
        alpha=style.BAND_ALPHA, linewidth=0,
    )  # fmt: skip
    (line,) = axes.plot(own["value"], own["mean"], color=colour, label=label, markersize=3, **marks)
    return line


def draw(
    figure: Figure,
    *,
    summary: pd.DataFrame,
    tests: pd.DataFrame,
    ceiling: pd.DataFrame,
    chance: float,
    test: str,
) -> None:
    """Draw one axes.

    summary: `summary.csv` of the experiment, a sweep of the jitter of training; tests:
    `tests_summary.csv` and ceiling: `ceiling.csv` of the same; test: the one that varies the
    jitter; chance: in percent.
    """
    axes = figure.add_subplot()
    trained = summary[summary["metric"] == METRIC].sort_values("value")
    least = trained.iloc[0]
    tested = tests[
        (tests["condition"] == least["condition"])
        & (tests["test"] == test)
        & (tests["metric"] == METRIC)
    ]
    lines = [
        draw_line(axes, trained, "trained with this jitter", **WITH),
        draw_line(axes, tested, f"trained with {least['value']:g} ms", **WITH_LEAST),
    ]
    value_of = trained.set_index("condition")["value"]
    draw_ceiling(axes, ceiling, METRIC, {name: [value] for name, value in value_of.items()})
    sweep.accuracy_axis(axes, METRIC, chance)
    axes.set_xlabel("Jitter of input spikes (sd, ms)")
    handles = [*lines, style.band_handle(), *ceiling_handles(ceiling), style.chance_handle()]
    style.legend_above(figure, handles, columns=2)

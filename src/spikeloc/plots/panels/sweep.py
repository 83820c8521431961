"""{metric} against {parameter}. Small marks are single networks; lines with bands are means with
95 % intervals over seeds{printed}{observer}."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from spikeloc.metrics import declared
from spikeloc.plots import style, sweep
from spikeloc.plots.parameter_labels import readable

DRAWN_FROM = {
    "runs": "runs/{experiment}/runs.csv",
    "summary": "runs/{experiment}/summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
    "printed": "tables/printed.csv",
}
OPTIONS = {
    "metric": ("test_accuracy", "train_accuracy", "test_abs_error_deg"),
    "xlabel": "",  # if empty, made from the parameter's name
    "title": "",
    "zoom": False,  # limit the axis of accuracy to the range of the test data
}
OF_KIND = {"experiment": "sweep"}
FACTS = ("chance",)
SIZE_MM = (style.SINGLE_MM, 68.0)


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    ceiling: pd.DataFrame,
    printed: pd.DataFrame,
    chance: float,
    metric: str,
    xlabel: str,
    title: str,
    zoom: bool,
) -> None:
    """Draw one metric of one experiment; chance: accuracy of guessing, in percent."""
    axes = figure.add_subplot()
    printed = sweep.rows_of(printed, runs, metric)
    of_test = None if metric.startswith("train") else ceiling  # the observer is for test data
    sweep.draw_sweep(
        axes,
        runs=runs,
        summary=summary,
        printed=printed,
        metric=metric,
        xlabel=xlabel or readable(runs["parameter"].iloc[0]),
        ceiling=of_test,
    )
    with_chance = True
    if metric == "test_abs_error_deg":
        error_axis(axes, chance)
    else:
        shown = sweep.needed_range(runs, ceiling) if zoom else sweep.WHOLE_AXIS
        sweep.accuracy_axis(axes, metric, chance, shown)
        with_chance = shown[0] <= chance
    axes.set_title(title)
    sweep.add_legend(figure, runs, printed, metric, of_test, with_chance)


def error_axis(axes: Axes, chance: float) -> None:
    """Make the y axis an axis of |true IPD - midpoint of the estimated class|, in degrees."""
    axes.axhline(chance_error_deg(chance), **style.CHANCE_STYLE)
    # Most errors are a few degrees and some are tens: a linear axis would hide the small ones.
    axes.set_yscale("log")
    axes.set(ylim=(3, 120), ylabel=declared.label("test_abs_error_deg"))
    axes.yaxis.set_major_locator(FixedLocator([3, 5, 10, 20, 50, 100]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))


def chance_error_deg(chance: float) -> float:
    """The mean absolute error of guessing (degrees), from the accuracy of guessing in percent.

    With IPDs uniform over 180° and guesses uniform over the midpoints of n = 100/chance classes,
    the mean of |IPD - midpoint| is 60° - 15°/n².
    """
    return 60.0 - 15.0 * (chance / 100.0) ** 2

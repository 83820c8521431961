"""The y axis of a metric of trained networks: its range, its ticks, and the level of chance."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from spikeloc.metrics import declared
from spikeloc.plots import style, sweep

ERRORS = ("train_abs_error_deg", "test_abs_error_deg")
ACCURACIES = ("train_accuracy", "test_accuracy")
LEAST_DEG = 3.0  # where the axis of errors starts, unless one is smaller


def metric_axis(
    axes: Axes,
    metric: str,
    chance: float,
    *,
    runs: pd.DataFrame,
    ceiling: pd.DataFrame,
    printed: pd.DataFrame,
    zoom: bool,
) -> bool:
    """Make the y axis an axis of a metric, and return whether the chance level is on it.

    chance: accuracy of guessing, in percent; zoom: whether an axis of accuracy shows only the range
    of `runs`, `ceiling` and `printed` instead of 0 to 100 %.
    """
    if metric in ERRORS:
        least = runs[metric].min()
        error_axis(axes, metric, chance, 0.9 * least if least < LEAST_DEG else LEAST_DEG)
        return True
    if metric in ACCURACIES:
        shown = sweep.needed_range(runs, ceiling, printed) if zoom else sweep.WHOLE_AXIS
        sweep.accuracy_axis(axes, metric, chance, shown)
        return shown[0] <= chance
    axes.set_ylabel(declared.label(metric))
    return False


def error_axis(axes: Axes, metric: str, chance: float, least: float) -> None:
    """Make the y axis an axis of |true IPD - midpoint of the estimated class|, in degrees."""
    axes.axhline(chance_error_deg(chance), **style.CHANCE_STYLE)
    # Most errors are a few degrees and some are tens: a linear axis would hide the small ones.
    axes.set_yscale("log")
    axes.set(ylim=(least, 120), ylabel=declared.label(metric))
    axes.yaxis.set_major_locator(FixedLocator([1, 3, 5, 10, 20, 50, 100]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))


def chance_error_deg(chance: float) -> float:
    """The mean absolute error of guessing (degrees), from the accuracy of guessing in percent.

    With IPDs uniform over 180° and guesses uniform over the midpoints of n = 100/chance classes,
    the mean of |IPD - midpoint| is 60° - 15°/n².
    """
    return 60.0 - 15.0 * (chance / 100.0) ** 2

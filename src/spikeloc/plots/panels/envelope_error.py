"""Absolute error on test data against the envelope power of the stimulus."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from spikeloc.plots import style, sweep

SIZE_MM = (style.SINGLE_MM, 68.0)
METRIC = "test_abs_error_deg"


def chance_error_deg(chance: float) -> float:
    """Mean absolute error of guessing any class, from the accuracy of doing so in percent.

    With IPDs uniform over 180° and guesses uniform over the midpoints of n = 100/chance classes,
    the mean of |IPD - midpoint| is 60° - 15°/n².
    """
    return 60.0 - 15.0 * (chance / 100.0) ** 2


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    printed: pd.DataFrame,
    ceiling: pd.DataFrame,
    chance: float,
) -> None:
    """Draw |true IPD - midpoint of the estimated class| in degrees; chance accuracy in percent."""
    axes = figure.add_subplot()
    printed = sweep.rows_of(printed, runs, METRIC)
    sweep.draw_sweep(
        axes,
        runs=runs,
        summary=summary,
        printed=printed,
        metric=METRIC,
        xlabel="Envelope power k",
        ceiling=ceiling,
    )
    axes.axhline(chance_error_deg(chance), **style.CHANCE_STYLE)
    # Most networks are within a few degrees, some off by tens: a linear axis would hide the first.
    axes.set_yscale("log")
    axes.set(ylim=(3, 120), ylabel="Test absolute error (°)")
    axes.yaxis.set_major_locator(FixedLocator([3, 5, 10, 20, 50, 100]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    sweep.add_legend(figure, runs, printed, METRIC, ceiling)

"""Accuracy on test data with inhibition in both layers, or in one layer only."""

import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots.named import draw_named_accuracy
from spikeloc.plots.style import SINGLE_MM

SIZE_MM = (SINGLE_MM, 68.0)


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    printed: pd.DataFrame,
    chance: float,
) -> None:
    """Draw the test accuracy of every network by condition; chance in percent."""
    axes = draw_named_accuracy(figure, runs=runs, summary=summary, printed=printed, chance=chance)
    axes.set_xlabel("Signs of the weights (+: all of that layer positive)")

"""Accuracy on test data against the envelope power of the stimulus."""

import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots.style import SINGLE_MM
from spikeloc.plots.sweep import draw_accuracy_sweep

SIZE_MM = (SINGLE_MM, 68.0)


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    printed: pd.DataFrame,
    chance: float,
) -> None:
    """Draw the test accuracy of every network of the sweep; chance in percent."""
    draw_accuracy_sweep(
        figure,
        runs=runs,
        summary=summary,
        printed=printed,
        chance=chance,
        metric="test_accuracy",
        xlabel="Envelope power k",
    )

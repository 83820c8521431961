"""Accuracy on test data against a swept parameter, for an experiment added to the configuration."""

import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots.style import SINGLE_MM
from spikeloc.plots.sweep import draw_accuracy_sweep

SIZE_MM = (SINGLE_MM, 68.0)
UNITS = {"ms": "ms", "hz": "Hz", "deg": "°"}


def readable(parameter: str) -> str:
    """A configuration key as an axis label: "tau_ms" becomes "Tau (ms)"."""
    words = parameter.split("_")
    unit = f" ({UNITS[words.pop()]})" if words[-1] in UNITS else ""
    return " ".join(words).capitalize() + unit


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    printed: pd.DataFrame,
    chance: float,
    title: str,
) -> None:
    """Draw the test accuracy of every network of the sweep; chance in percent."""
    axes = draw_accuracy_sweep(
        figure,
        runs=runs,
        summary=summary,
        printed=printed,
        chance=chance,
        metric="test_accuracy",
        xlabel=readable(runs["parameter"].iloc[0]),
    )
    axes.set_title(title)

"""Validation loss by epoch for each method of sign constraint (single networks and means), with the
mean of the reference condition in black."""

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from spikeloc.plots import style
from spikeloc.plots.fractions import marks_of
from spikeloc.plots.losses import losses_by_epoch

DRAWN_FROM = {"history": "runs/{experiments}/history.csv"}
OPTIONS: dict[str, list[str]] = {"experiments": []}  # one for each inhibitory fraction
FACTS = ("fractions", "reference", "reference_label")
SIZE_MM = (style.DOUBLE_MM, 84.0)
COLUMNS = 6


def draw_losses(axes: Axes, history: pd.DataFrame, colour: str, thin: bool) -> None:
    """Draw the mean validation loss of one condition, and with ``thin`` also each network's."""
    losses = losses_by_epoch(history, "val_loss")
    if thin:
        axes.plot(losses.index, losses, color=colour, linewidth=0.3, alpha=0.35)
    axes.plot(losses.index, losses.mean(axis=1), color=colour, linewidth=1.2, zorder=3)


def draw(
    figure: Figure,
    *,
    history: pd.DataFrame,
    fractions: Mapping[str, float],
    reference: str,
    reference_label: str,
) -> None:
    """Draw one axes for each condition but the reference, whose mean is drawn in each of them.

    history: of the experiments in ``fractions``, without networks that have diverged; fractions:
    inhibitory fraction of each experiment; reference, reference_label: its condition and its label.
    """
    labels = history.drop_duplicates("condition").set_index("condition")["label"]
    free = history[history["condition"] == reference]
    free = free[free["experiment"] == free["experiment"].iloc[0]]
    others = labels.drop(reference)
    rows = math.ceil(len(others) / COLUMNS)
    grid = figure.subplots(rows, min(COLUMNS, len(others)), sharex=True, sharey=True, squeeze=False)
    for axes in grid.flat[len(others) :]:
        axes.set_visible(False)
    for axes, (condition, label) in zip(grid.flat, others.items(), strict=False):
        draw_losses(axes, free, style.INK, thin=False)
        for name, (mark, _) in marks_of(fractions).items():
            own = history[(history["experiment"] == name) & (history["condition"] == condition)]
            if len(own):
                draw_losses(axes, own, mark.colour, thin=True)
        axes.set_title(label)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
        axes.set_xlabel("Epoch (from 0)")
        axes.label_outer()
    grid[0, 0].set_ylim(bottom=0)
    figure.supylabel("Validation loss (nats)", fontsize=style.BODY_PT)
    lines = [
        Line2D([], [], color=mark.colour, label=f"inhibitory fraction {fractions[name]:g}")
        for name, (mark, _) in marks_of(fractions).items()
    ]
    free_line = Line2D([], [], color=style.INK, label=reference_label)
    one = Line2D([], [], color=style.GREY, linewidth=0.3, label="one network")
    style.legend_above(figure, [*lines, free_line, one], columns=4)

"""Training and validation loss by epoch. Thin lines are single networks; thick lines are
means{printed}."""

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from spikeloc.plots import style
from spikeloc.plots.losses import losses_by_epoch

DRAWN_FROM = {
    "history": "runs/{experiment}/history.csv",
    "printed_losses": "tables/printed_losses.csv",
}
SIZE_MM = (style.DOUBLE_MM, 62.0)
LINES = {"train_loss": "-", "val_loss": (0, (2.5, 1.2))}


def draw_condition(axes: Axes, history: pd.DataFrame) -> None:
    """Draw one condition: networks as thin lines, the mean of each variant as a thick line."""
    for variant in style.variants_in(history):
        colour = style.VARIANTS[variant].colour
        own = history[history["variant"] == variant]
        for loss, dashes in LINES.items():
            table = losses_by_epoch(own, loss)
            axes.plot(table.index, table, color=colour, linestyle=dashes, linewidth=0.4, alpha=0.35)
            axes.plot(
                table.index,
                table.mean(axis=1),
                color=colour,
                linestyle=dashes,
                linewidth=1.3,
                zorder=3,
            )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))


def draw(figure: Figure, *, history: pd.DataFrame, printed_losses: pd.DataFrame) -> None:
    """Draw one axes for each condition. All losses are in nats.

    history: columns condition, label, variant, seed, network, epoch (from 0), train_loss,
    val_loss, for networks that have not diverged;
    printed_losses: columns condition, epoch, loss.
    """
    conditions = history.drop_duplicates("condition")
    row = figure.subplots(1, len(conditions), sharey=True, squeeze=False)[0]
    for axes, (name, label) in zip(row, conditions[["condition", "label"]].to_numpy(), strict=True):
        draw_condition(axes, history[history["condition"] == name])
        printed = printed_losses[printed_losses["condition"] == name]
        axes.plot(printed["epoch"], printed["loss"], **style.PRINTED_STYLE)
        axes.set(title=label, xlabel="Epoch (from 0)")
    row[0].set_ylim(bottom=0)
    row[0].set_ylabel("Cross-entropy (nats)")
    line: dict[str, Any] = {"color": style.GREY, "linewidth": 1.3}
    handles: list[Artist] = [
        Line2D([], [], color=style.VARIANTS[v].colour, linewidth=1.3, label=v)
        for v in style.variants_in(history)
    ]
    handles += [
        Line2D([], [], label="mean, training data", **line),
        Line2D([], [], label="mean, validation data", **{**line, "linestyle": LINES["val_loss"]}),
        Line2D([], [], label="one network", **{**line, "linewidth": 0.4}),
    ]
    if len(printed_losses):
        handles.append(style.printed_handle())
    style.legend_above(figure, handles, columns=len(handles))

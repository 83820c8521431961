"""How often each IPD class is true (bars) and how often networks estimate it (marks: mean ± sd over
networks)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from spikeloc.plots import style
from spikeloc.stimulus.classes import class_midpoints_deg

DRAWN_FROM = {"confusion": "runs/{experiment}/confusion.csv"}
OPTIONS: dict[str, list[str]] = {"conditions": []}  # all, if empty
FACTS = ("labels",)
SIZE_MM = (style.SINGLE_MM, 90.0)
DODGE = 0.17
NETWORK = ["variant", "seed", "network"]


def class_shares(table: pd.DataFrame, classes: int) -> NDArray[np.float64]:
    """Percent of samples that each network takes for each class (networks, classes)."""
    table = table.pivot_table(index=NETWORK, columns="estimated", values="count", aggfunc="sum")
    counts: NDArray[np.float64] = table.reindex(columns=range(classes)).fillna(0).to_numpy(float)
    return 100 * counts / counts.sum(axis=1, keepdims=True)


def draw_condition(axes: Axes, table: pd.DataFrame, classes: int) -> None:
    """Draw the true classes as bars and each variant's estimates as marks with their spread."""
    middles = class_midpoints_deg(classes)
    width = 180 / classes
    seaborn.histplot(
        x=middles[table["true"]], weights=table["count"], stat="percent", bins=classes,
        binrange=(-90, 90), shrink=0.9, color=style.PALE, alpha=1, linewidth=0, ax=axes,
    )  # fmt: skip
    variants = style.variants_in(table)
    for variant, shift in zip(variants, style.dodge(len(variants), DODGE), strict=True):
        mark = style.VARIANTS[variant]
        x = middles + shift * width
        shares = class_shares(table[table["variant"] == variant], classes)
        # The sd of a single network is unknown, not zero, so it has no error bar.
        spread = shares.std(axis=0, ddof=1) if len(shares) > 1 else None
        axes.errorbar(
            x,
            shares.mean(axis=0),
            yerr=spread,
            color=mark.colour,
            marker=mark.marker,
            markersize=3,
            linestyle="none",
            elinewidth=0.8,
        )


def draw(figure: Figure, *, confusion: pd.DataFrame, labels: Mapping[str, str]) -> None:
    """Draw one axes for each condition.

    confusion: columns condition, variant, seed, network, estimated, true, count, with classes
    numbered from 0; labels: label of each condition to show.
    """
    classes = 1 + int(confusion[["estimated", "true"]].to_numpy().max())
    column = figure.subplots(len(labels), sharex=True, sharey=True, squeeze=False)[:, 0]
    for axes, (name, label) in zip(column, labels.items(), strict=True):
        draw_condition(axes, confusion[confusion["condition"] == name], classes)
        axes.set(title=label, ylabel="Samples (%, mean ± sd)")
    column[0].set_ylim(bottom=0)
    style.ipd_axis(column[-1], "x", "IPD (°)")
    handles: list[Artist] = [Patch(color=style.PALE, label="true class")]
    handles += [style.mark_handle(v, f"estimated, {v}") for v in style.variants_in(confusion)]
    style.legend_above(figure, handles, columns=len(handles))

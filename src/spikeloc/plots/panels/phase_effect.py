"""Test accuracy of trained networks against the starting phase of the test: single networks, means
with 95 % intervals over seeds, and the ideal observer."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from spikeloc.plots import style, sweep
from spikeloc.plots.ceiling import ceiling_handles, draw_ceiling
from spikeloc.statistics.tables import networks_by_offset

DRAWN_IF = "phase_effect"
DRAWN_FROM = {
    "effect": "tables/phase_effect.csv",
    "curve": "tables/phase_curve.csv",
    "ceiling": "runs/{experiments}/ceiling.csv",
}
FACTS = ("chance",)
SIZE_MM = (style.DOUBLE_MM, 78.0)
XLABEL = {True: "Test phase minus training phase (cycles)", False: "Test phase (cycles)"}
TRAINED_HERE: dict[str, Any] = {
    "color": style.GREY,
    "linestyle": ":",
    "linewidth": 0.8,
    "zorder": 1,
}
ONE_NETWORK: dict[str, Any] = {"linewidth": 0.5, "alpha": 0.45, "zorder": 2}


def round_the_cycle(
    offsets: NDArray[np.float64], values: NDArray[np.float64], first: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sort offsets (cycles) from ``first`` to one cycle later, with their values (..., offsets).

    Both ends are the same phase, so the first value is repeated at the end.
    """
    wrapped = (offsets - first) % 1 + first
    order = np.argsort(wrapped)
    x, y = wrapped[order], values[..., order]
    return np.append(x, x[0] + 1), np.concatenate([y, y[..., :1]], axis=-1)


def draw_run(axes: Axes, effect: pd.DataFrame, curve: pd.DataFrame, *, first: float) -> None:
    """Draw one run: networks as thin lines, their mean as a thick line with its 95 % interval."""
    colour = style.VARIANTS[effect["variant"].iloc[0]].colour
    offsets = networks_by_offset(effect, "offset_cycles")[0]
    x, networks = round_the_cycle(offsets, networks_by_offset(effect, "accuracy"), first)
    axes.plot(x, networks.T, color=colour, **ONE_NETWORK)
    columns = curve[["ci95_low", "mean", "ci95_high"]].to_numpy().T
    x, (low, mean, high) = round_the_cycle(curve["offset_cycles"].to_numpy(), columns, first)
    band: dict[str, Any] = {"color": colour, "alpha": 1.5 * style.BAND_ALPHA, "linewidth": 0}
    axes.fill_between(x, low, high, zorder=2.5, **band)
    axes.plot(x, mean, color=colour, linewidth=1.5, zorder=3)


def draw_variant(
    row: NDArray[np.object_],
    effect: pd.DataFrame,
    curve: pd.DataFrame,
    ceiling: pd.DataFrame,
    *,
    conditions: list[str],
    chance: float,
) -> None:
    """Draw the conditions of one variant side by side, with their ideal observer. If networks were
    trained at one phase, the x axis is relative to this phase, which is in the middle."""
    relative = bool(effect["training_phase_cycles"].notna().any())
    first = -0.5 if relative else 0.0
    for axes, condition in zip(row, conditions, strict=True):
        own = effect[effect["condition"] == condition]
        if own.empty:
            axes.set_axis_off()
            continue
        draw_run(axes, own, curve[curve["condition"] == condition], first=first)
        best = ceiling[ceiling["condition"] == condition]
        draw_ceiling(axes, best, "test_accuracy", {condition: (first, first + 1)})
        sweep.accuracy_axis(axes, "test_accuracy", chance)
        axes.set(xlim=(first, first + 1), xticks=first + np.arange(5) / 4, xlabel=XLABEL[relative])
        axes.xaxis.set_major_formatter("{x:g}")
        if relative:
            axes.axvline(0, **TRAINED_HERE)


def draw(
    figure: Figure,
    *,
    effect: pd.DataFrame,
    curve: pd.DataFrame,
    ceiling: pd.DataFrame,
    chance: float,
) -> None:
    """Draw one row of axes for each variant and one column for each condition.

    effect: `results/tables/phase_effect.csv`; curve: `phase_curve.csv`; ceiling: `ceiling.csv` of
    their experiments; chance: in percent.
    """
    labels = effect.drop_duplicates("condition").set_index("condition")["label"]
    variants = style.variants_in(effect)
    curve = curve[curve["metric"] == "accuracy"]
    grid = figure.subplots(len(variants), len(labels), sharey=True, squeeze=False)
    for row, variant in zip(grid, variants, strict=True):
        draw_variant(
            row,
            effect[effect["variant"] == variant],
            curve[curve["variant"] == variant],
            ceiling[ceiling["variant"] == variant],
            conditions=list(labels.index),
            chance=chance,
        )
    for axes, label in zip(grid[0], labels, strict=True):
        axes.set_title(label)
    for axes in grid[:, 1:].flat:
        axes.set_ylabel("")
    line: dict[str, Any] = {"color": style.GREY, "linewidth": 1.5}
    count = sweep.count_text(effect[effect["offset_cycles"] == 0], "accuracy")
    handles: list[Artist] = [
        *(
            Line2D([], [], label=variant, **{**line, "color": style.VARIANTS[variant].colour})
            for variant in variants
        ),
        Line2D([], [], color=style.GREY, label=f"one network ({count})", **ONE_NETWORK),
        Line2D([], [], label="mean", **line),
        style.band_handle(),
    ]
    if effect["training_phase_cycles"].notna().any():
        handles.append(Line2D([], [], label="training phase", **TRAINED_HERE))
    handles += [*ceiling_handles(ceiling), style.chance_handle()]
    style.legend_above(figure, handles, columns=5)

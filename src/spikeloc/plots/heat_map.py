"""Shared drawing of a metric over a grid of two parameters."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from spikeloc.metrics import declared
from spikeloc.plots import style
from spikeloc.plots.ceiling import COLUMNS

COLOURS = "viridis"
DARK_BELOW = 0.6  # below this part of the colour scale, numbers are white


def edges(values: Sequence[float]) -> list[float]:
    """Borders of the cells around sorted values, half-way between neighbours."""
    if len(values) == 1:
        return [values[0] - 0.5, values[0] + 0.5]
    middle = (np.asarray(values[1:]) + np.asarray(values[:-1])) / 2
    first, last = 2 * values[0] - middle[0], 2 * values[-1] - middle[-1]
    return [first, *middle, last]


def colour_limits(summary: pd.DataFrame, printed: pd.DataFrame, metric: str) -> tuple[float, float]:
    """The ends of the colour scale of a metric: 0 and 100 %, or those of all that is drawn."""
    known = declared.metric(metric)
    if known is not None and known.unit == "%":
        return 0, 100
    means = summary.loc[summary["metric"] == metric, "mean"]
    shown = [*means.dropna(), *printed["printed"]]
    return min(shown, default=0), max(shown, default=1)


def draw_map(
    axes: Axes,
    summary: pd.DataFrame,
    places: Mapping[str, Sequence[float | str]],
    metric: str,
    limits: tuple[float, float],
    printed: pd.DataFrame | None = None,
) -> QuadMesh:
    """Draw the mean of each condition as a coloured cell with the mean as a number, and the mean of
    its printed values as a diamond of their colour below it.

    places: the values (x, y) of each condition. Numbers are to scale; words are in their order;
    printed: rows of this metric.
    """
    means = summary[summary["metric"] == metric].set_index("condition")["mean"]
    cells = pd.DataFrame(
        [(*places[name], mean) for name, mean in means.items()], columns=["x", "y", "mean"]
    )
    if printed is not None:
        theirs = printed.groupby("condition")["printed"].mean()
        cells["printed"] = [theirs.get(name, float("nan")) for name in means.index]
    words = {}
    for name, values in zip("xy", zip(*places.values(), strict=True), strict=True):
        if any(isinstance(value, str) for value in values):
            words[name] = list(dict.fromkeys(map(str, values)))
            cells[name] = cells[name].map(words[name].index)
    given = cells.dropna() if printed is not None else cells[:0]
    cells = cells.pivot(index="y", columns="x", values="mean")
    mesh = axes.pcolormesh(
        edges(list(cells.columns)), edges(list(cells.index)), cells,
        cmap=COLOURS, vmin=limits[0], vmax=limits[1], rasterized=False,
    )  # fmt: skip
    known = declared.metric(metric)
    decimals = 0 if known is None or known.unit == "%" else known.decimals
    for (y, x), mean in cells.stack().items():
        dark = mean - limits[0] < DARK_BELOW * (limits[1] - limits[0])
        axes.text(
            x, y, f"{mean:.{decimals}f}", ha="center", va="center", fontsize=style.SMALL_PT,
            color="white" if dark else style.INK,
        )  # fmt: skip
    if len(given):
        shift = -1.1 * style.SMALL_PT
        below = offset_copy(axes.transData, axes.get_figure(root=True), y=shift, units="points")
        dark = given["mean"] - limits[0] < DARK_BELOW * (limits[1] - limits[0])
        axes.scatter(
            given["x"], given["y"], c=given["printed"], marker="D", s=9,
            edgecolors=["white" if each else style.INK for each in dark],
            linewidths=0.8, cmap=COLOURS, vmin=limits[0], vmax=limits[1], transform=below, zorder=5,
        )  # fmt: skip
    axes.set(xticks=list(cells.columns), yticks=list(cells.index))
    if "x" in words:
        labels = words["x"]
        axes.set_xticks(range(len(labels)), labels, rotation=30, ha="right", rotation_mode="anchor")
    if "y" in words:
        axes.set_yticks(range(len(words["y"])), words["y"])
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return mesh


def add_scale(
    figure: Figure,
    axes: Axes,
    mesh: QuadMesh,
    ceiling: pd.DataFrame,
    chance: float,
    metric: str = "test_accuracy",
) -> None:
    """Put a colour bar of a metric beside a map, that of test accuracy with the ideal observer and
    chance on it."""
    bar = figure.colorbar(mesh, ax=axes, label=declared.label(metric), fraction=0.05, pad=0.02)
    best = ceiling[COLUMNS["test_accuracy"][0]].max()
    marks = ((best, "ideal observer"), (chance, "chance"))
    for value, name in marks if metric == "test_accuracy" else ():
        bar.ax.axhline(value, color="white", linewidth=2.2)
        bar.ax.axhline(value, color=style.INK, linewidth=0.9, linestyle=(0, (1, 1)))
        bar.ax.annotate(
            name, (0, value), xytext=(-2, 0), textcoords="offset points", ha="right", va="center",
            fontsize=style.SMALL_PT, rotation=90,
        )  # fmt: skip
    bar.outline.set_visible(False)

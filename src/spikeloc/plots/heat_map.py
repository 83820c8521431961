"""Shared drawing of matrices, and of a metric over a grid of two parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy
from numpy.typing import ArrayLike

from spikeloc.metrics import declared
from spikeloc.plots import style
from spikeloc.plots.ceiling import COLUMNS

COLOURS = "viridis"
DARK_BELOW = 0.6  # below this part of the colour scale, a diamond has a white edge


def draw_matrix(axes: Axes, values: ArrayLike, **options: Any) -> QuadMesh:
    """Draw a matrix (rows, columns), the first row at the bottom, with gaps where it is NaN. Cell
    (r, c) lies between c and c + 1 on the x axis, and between r and r + 1 on the y axis;
    ``options``: of seaborn's heatmap."""
    import seaborn  # here, because it takes a second

    seaborn.heatmap(
        np.asarray(values), cbar=False, xticklabels=False, yticklabels=False, rasterized=True,
        ax=axes, **options,
    )  # fmt: skip
    axes.invert_yaxis()
    (mesh,) = axes.collections
    return mesh  # type: ignore[return-value]


def ipd_cells(axes: Axes, which: str, classes: int, label: str, ticks: Sequence[int]) -> None:
    """Make the x or y axis of a matrix of classes an axis of IPDs, with these ticks in degrees."""
    at = (np.asarray(ticks) + 90) / 180 * classes
    names = [f"{tick}".replace("-", "\N{MINUS SIGN}") for tick in ticks]
    if which == "x":
        axes.set_xticks(at, names)
        axes.set_xlabel(label)
    else:
        axes.set_yticks(at, names)
        axes.set_ylabel(label)


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

    places: the values (x, y) of each condition. Numbers are sorted; words are in their order;
    printed: rows of this metric.
    """
    means = summary[summary["metric"] == metric].set_index("condition")["mean"]
    cells = pd.DataFrame(
        [(*places[name], mean) for name, mean in means.items()], columns=["x", "y", "mean"]
    )
    if printed is not None:
        theirs = printed.groupby("condition")["printed"].mean()
        cells["printed"] = [theirs.get(name, float("nan")) for name in means.index]
    columns, rows = map(in_order, zip(*places.values(), strict=True))
    table = cells.pivot(index="y", columns="x", values="mean").reindex(rows, columns=columns)
    known = declared.metric(metric)
    decimals = 0 if known is None or known.unit == "%" else known.decimals
    mesh = draw_matrix(
        axes, table, vmin=limits[0], vmax=limits[1], cmap=COLOURS, annot=True,
        fmt=f".{decimals}f", annot_kws={"fontsize": style.SMALL_PT},
    )  # fmt: skip
    given = cells.dropna() if printed is not None else cells[:0]
    if len(given):
        shift = -1.1 * style.SMALL_PT
        below = offset_copy(axes.transData, axes.get_figure(root=True), y=shift, units="points")
        dark = given["mean"] - limits[0] < DARK_BELOW * (limits[1] - limits[0])
        axes.scatter(
            given["x"].map(columns.index) + 0.5, given["y"].map(rows.index) + 0.5,
            c=given["printed"], marker="D", s=9,
            edgecolors=["white" if each else style.INK for each in dark],
            linewidths=0.8, cmap=COLOURS, vmin=limits[0], vmax=limits[1], transform=below, zorder=5,
        )  # fmt: skip
    slant: dict[str, Any] = (
        {"rotation": 30, "ha": "right", "rotation_mode": "anchor"}
        if any(isinstance(value, str) for value in columns)
        else {}
    )
    axes.set_xticks(np.arange(len(columns)) + 0.5, list(map(named, columns)), **slant)
    axes.set_yticks(np.arange(len(rows)) + 0.5, list(map(named, rows)))
    axes.tick_params(length=0)
    return mesh


def in_order(values: Sequence[float | str]) -> list[float | str]:
    """The different values of a parameter: numbers sorted, words in their order."""
    several = list(dict.fromkeys(values))
    words = any(isinstance(each, str) for each in several)
    return several if words else sorted(several, key=float)


def named(value: float | str) -> str:
    """A value of a parameter as the label of its row or column."""
    return value if isinstance(value, str) else f"{value:g}"


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

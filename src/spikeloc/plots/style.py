"""The style of all panels: sizes, fonts, colours, marks, and helpers for axes and legends."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

MM_PER_INCH = 25.4
SINGLE_MM = 85.0
DOUBLE_MM = 180.0
BODY_PT = 7.0
SMALL_PT = 6.5

RC: dict[Any, Any] = {
    # The generic family is for readers of SVG files whose machine lacks this font.
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": BODY_PT,
    "axes.titlesize": BODY_PT,
    "axes.labelsize": BODY_PT,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "legend.fontsize": SMALL_PT,
    "legend.frameon": False,
    "legend.columnspacing": 1.2,
    "legend.handletextpad": 0.6,
    "legend.handlelength": 1.8,
    "legend.borderaxespad": 0.0,
    "axes.titlepad": 3.0,
    "axes.labelpad": 2.5,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "lines.linewidth": 1.0,
    "lines.markersize": 3.5,
    "patch.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    # Text stays text, since the typesetter gets the same font files.
    "svg.fonttype": "none",
    "svg.hashsalt": "spikeloc",
}


@dataclass(frozen=True)
class Mark:
    """A colour and a marker with the same meaning in all panels."""

    colour: str
    marker: str


PLAIN = Mark("#0072B2", "o")
# The marks of variants. Those of a config with other names get theirs by `marks_for`. Blue and
# vermilion have no other meaning.
VARIANTS = {"published": Mark("#D55E00", "s"), "corrected": PLAIN}
VARIANT_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#AA3377", "#E69F00", "#56B4E9")
VARIANT_MARKERS = "osvPXph"
EARS = {"left": "#009E73", "right": "#AA3377"}
# Signs have colours near the two ends of the colour map of weights.
SIGNS = {"excitatory": "#7F3B08", "inhibitory": "#542788"}
# What has no colour elsewhere: layers, fractions, initial weights, lengths of training.
OTHERS = (Mark("#404040", "o"), Mark("#E69F00", "s"), Mark("#999933", "^"))
WEIGHT_COLOURS = "PuOr_r"
# A few weights are far larger than the rest. The scale ends here, so that the others are visible.
WEIGHT_PERCENTILE = 99.0
CLASS_COLOURS = "viridis"
COUNT_COLOURS = "bone_r"
INK = "#000000"
HAND_BUILT = Mark(INK, "^")
GREY = "#7F7F7F"
PALE = "#D9D9D9"
MISSED = "#882255"

PRINTED_STYLE: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 4.2,
    "markerfacecolor": "none",
    "markeredgecolor": INK,
    "markeredgewidth": 0.8,
    "color": INK,
    "zorder": 5,
}
CHANCE_STYLE: dict[str, Any] = {
    "color": GREY,
    "linestyle": (0, (4, 2)),
    "linewidth": 0.8,
    "zorder": 1,
}
CEILING_STYLE: dict[str, Any] = {"linestyle": (0, (1, 1)), "linewidth": 1.0}
NETWORK_PT, NETWORK_ALPHA = 2.2, 0.55  # of the marks of single networks
BAND_ALPHA = 0.2
INTERVAL_LABEL = "95 % interval of the mean"
# Marks side by side take up at most this share of the distance of their group from the next one.
MOST_DODGE = 0.8


@contextmanager
def marks_for(variants: Iterable[str]) -> Iterator[None]:
    """Give each of a config's variants a mark of its own, the same in all of its panels."""
    names = list(variants)
    used = [VARIANTS[name] for name in names if name in VARIANTS]
    marks = map(Mark, cycle(VARIANT_COLOURS), cycle(VARIANT_MARKERS))
    added = {
        name: next(mark for mark in marks if mark not in used)
        for name in names
        if name not in VARIANTS
    }
    VARIANTS.update(added)
    try:
        yield
    finally:
        for name in added:
            del VARIANTS[name]


def dodge(count: int, step: float) -> list[float]:
    """Offsets that put so many marks side by side around 0, as shares of the distance of groups;
    ``step``: how far two marks are from the middle."""
    step = min(step, MOST_DODGE / 2 / max(count - 1, 1))
    return [step * (2 * index - count + 1) for index in range(count)]


def variants_in(table: pd.DataFrame) -> list[str]:
    """The variants that occur in a table, always in the same order."""
    return [variant for variant in VARIANTS if (table["variant"] == variant).any()]


def variant_handle(variant: str) -> Line2D:
    """The legend entry of a variant that is drawn as a line with marks."""
    mark = VARIANTS[variant]
    return Line2D([], [], color=mark.colour, marker=mark.marker, markersize=3, label=variant)


def mark_handle(variant: str, label: str = "") -> Line2D:
    """The legend entry of a variant that is drawn as marks without a line."""
    mark = VARIANTS[variant]
    return Line2D(
        [],
        [],
        color=mark.colour,
        marker=mark.marker,
        markersize=3,
        linestyle="none",
        label=label or variant,
    )


def network_handle(label: str) -> Line2D:
    """The legend entry of single networks, which are drawn as small marks."""
    return Line2D(
        [], [], color=GREY, marker="o", markersize=2.5, markeredgewidth=0, linestyle="none",
        alpha=NETWORK_ALPHA, label=label,
    )  # fmt: skip


def interval_handle() -> Line2D:
    """The legend entry of intervals that are drawn as lines."""
    return Line2D(
        [], [], color=GREY, marker="|", markersize=7, linestyle="none", label=INTERVAL_LABEL
    )


def band_handle() -> Patch:
    """The legend entry of intervals that are drawn as bands."""
    return Patch(color=GREY, alpha=2 * BAND_ALPHA, linewidth=0, label=INTERVAL_LABEL)


def blank_handle() -> Line2D:
    """An empty legend entry, which takes up one row."""
    return Line2D([], [], linestyle="none", label=" ")


def chance_handle() -> Line2D:
    """The legend entry of the chance level."""
    return Line2D([], [], label="chance", **CHANCE_STYLE)


def printed_handle(with_sd: bool = False) -> Artist:
    """The legend entry of the values that the notebooks printed."""
    label = "notebook, as printed" + (" (± sd)" if with_sd else "")
    return Line2D([], [], label=label, **PRINTED_STYLE)


def legend_above(figure: Figure, handles: Sequence[Artist], columns: int) -> None:
    """Put a legend above the whole figure, outside the axes, so that it never covers data, in fewer
    columns if it would be wider than the figure."""
    for count in range(columns, 0, -1):
        legend = figure.legend(handles=handles, loc="outside upper center", ncols=count)
        if count == 1 or legend.get_window_extent().width <= figure.bbox.width:
            return
        legend.remove()


def degrees(value: float) -> str:
    """An angle in degrees as text, with a true minus sign and no superfluous decimals."""
    return f"{value:.4g}°".replace("-", "\N{MINUS SIGN}")


def degree_range(ends: Sequence[float]) -> str:
    """Two angles in degrees as text, such as "0 to 90°"."""
    first, last = map(degrees, ends)
    return f"{first.removesuffix('°')} to {last}"


def class_edges_deg(classes: int) -> NDArray[np.float64]:
    """Edges (classes + 1,) of the IPD classes in degrees."""
    return np.linspace(-90.0, 90.0, classes + 1)


def class_colours(classes: int) -> ScalarMappable:
    """The colours of the IPD classes, as a mappable of the IPD in degrees."""
    palette = matplotlib.colormaps[CLASS_COLOURS].resampled(classes)
    return ScalarMappable(BoundaryNorm(class_edges_deg(classes), classes), palette)


def ipd_axis(axes: Axes, which: str, label: str) -> None:
    """Make the x or y axis an axis of IPDs from -90 to 90 degrees, with ticks every 45."""
    ticks = np.arange(-90, 91, 45)
    limits = (-90, 90)
    if which == "x":
        axes.set(xlim=limits, xticks=ticks, xlabel=label)
    else:
        axes.set(ylim=limits, yticks=ticks, ylabel=label)

"""Shared drawing of a metric for each named condition of an experiment."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from spikeloc.plots import style, sweep
from spikeloc.plots.strips import draw_networks

# The marks of one condition take up this share of the distance between conditions.
GROUP_WIDTH = 0.75
# The single values of a group are spread out over this share of its slot.
SPREAD = 0.5
# Number of letters of labels that fit side by side under a single-column figure.
MOST_LETTERS = 45


def fan(count: int, width: float) -> NDArray[np.float64]:
    """Offsets (count,) that place single values side by side within a width, centred on 0."""
    return (np.arange(count) - (count - 1) / 2) * width / max(count, 4)


def draw_conditions(
    axes: Axes,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    metric: str,
    printed: pd.DataFrame | None = None,
    centre: str = "mean",
) -> None:
    """Draw seeds, means with 95 % intervals and printed values side by side for each condition, the
    printed values of a variant before its seeds; ``centre`` "median": medians without intervals."""
    printed = pd.DataFrame(columns=["condition", "variant"]) if printed is None else printed
    labels = runs.drop_duplicates("condition").set_index("condition")["label"]
    summary = sweep.rows_of(summary, runs, metric)
    variants = style.variants_in(runs)
    slots = [
        (variant, is_printed)
        for variant in variants
        for is_printed in (True, False)
        if not is_printed or (printed["variant"] == variant).any()
    ]
    slot = GROUP_WIDTH / len(slots)
    for middle, condition in enumerate(labels.index):
        left = middle - GROUP_WIDTH / 2 + slot / 2
        for index, (name, is_printed) in enumerate(slots):
            x = left + index * slot
            own, means, theirs = (
                table[(table["condition"] == condition) & (table["variant"] == name)]
                for table in (runs, summary, printed)
            )
            if is_printed:
                sweep.draw_printed(axes, x + fan(len(theirs), slot * SPREAD), theirs)
            else:
                draw_group(axes, x, slot, name, sweep.finished(own, metric)[metric], means, centre)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    crowded = len(labels) * max(map(len, labels)) > MOST_LETTERS
    slant: dict[str, Any] = (
        {"rotation": 30, "ha": "right", "rotation_mode": "anchor"} if crowded else {}
    )
    axes.set_xticks(range(len(labels)), list(labels), fontsize=style.BODY_PT, **slant)
    axes.tick_params(axis="x", length=0)


def draw_group(
    axes: Axes,
    x: float,
    slot: float,
    variant: str,
    seeds: pd.Series,
    summary: pd.DataFrame,
    centre: str,
) -> None:
    """Draw one condition and variant at x: its seeds, then their mean and its interval, or their
    median."""
    mark = style.VARIANTS[variant]
    draw_networks(axes, np.full(len(seeds), x - 0.15 * slot), seeds, mark, slot * SPREAD / 2)
    beside = [x + 0.25 * slot] * len(summary)
    if centre == "mean":
        ends = summary["ci95_low"], summary["ci95_high"]
        axes.vlines(beside, *ends, color=mark.colour, linewidth=1.0, zorder=3)
    axes.plot(
        beside, summary[centre], color=mark.colour, marker=mark.marker, markersize=3.5,
        linestyle="none", zorder=3,
    )  # fmt: skip

"""Shared drawing of a metric for each named condition of an experiment."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from spikeloc.plots import style, sweep

# The marks of one condition take up this share of the distance between conditions.
GROUP_WIDTH = 0.75
# The single values of a group are spread out over this share of its slot.
FAN_WIDTH = 0.5
# Number of letters of labels that fit side by side under a single-column figure.
MOST_LETTERS = 45


def fan(count: int, width: float) -> NDArray[np.float64]:
    """Offsets (count,) that place single values side by side within a width, centred on 0."""
    return (np.arange(count) - (count - 1) / 2) * width / max(count, 4)


def draw_conditions(
    axes: Axes, *, runs: pd.DataFrame, summary: pd.DataFrame, printed: pd.DataFrame, metric: str
) -> None:
    """Draw seeds, means with 95 % intervals and printed values side by side for each condition."""
    labels = runs.drop_duplicates("condition").set_index("condition")["label"]
    summary = sweep.rows_of(summary, runs, metric)
    variants = style.variants_in(runs)
    slots = [*(["printed"] if len(printed) else []), *variants]
    slot = GROUP_WIDTH / len(slots)
    for middle, condition in enumerate(labels.index):
        left = middle - GROUP_WIDTH / 2 + slot / 2
        for index, name in enumerate(slots):
            x = left + index * slot
            if name == "printed":
                values = printed[printed["condition"] == condition]
                sweep.draw_printed(axes, x + fan(len(values), slot * FAN_WIDTH), values)
                continue
            chosen = (runs["condition"] == condition) & (runs["variant"] == name)
            draw_group(
                axes,
                x,
                slot,
                name,
                sweep.finished(runs[chosen], metric)[metric],
                summary.query("condition == @condition and variant == @name"),
            )
    axes.set_xlim(-0.6, len(labels) - 0.4)
    crowded = len(labels) * max(map(len, labels)) > MOST_LETTERS
    slant: dict[str, Any] = (
        {"rotation": 30, "ha": "right", "rotation_mode": "anchor"} if crowded else {}
    )
    axes.set_xticks(range(len(labels)), list(labels), fontsize=style.BODY_PT, **slant)
    axes.tick_params(axis="x", length=0)


def draw_group(
    axes: Axes, x: float, slot: float, variant: str, seeds: pd.Series, summary: pd.DataFrame
) -> None:
    """Draw one condition and variant at x: its seeds side by side, then mean and interval."""
    mark = style.VARIANTS[variant]
    axes.plot(
        x - 0.15 * slot + fan(len(seeds), slot * FAN_WIDTH),
        seeds,
        marker=mark.marker,
        color=mark.colour,
        zorder=2,
        **style.SEED_STYLE,
    )
    beside = [x + 0.25 * slot] * len(summary)
    axes.vlines(
        beside,
        summary["ci95_low"],
        summary["ci95_high"],
        color=mark.colour,
        linewidth=1.0,
        zorder=3,
    )
    axes.plot(
        beside,
        summary["mean"],
        color=mark.colour,
        marker=mark.marker,
        markersize=3.5,
        linestyle="none",
        zorder=3,
    )

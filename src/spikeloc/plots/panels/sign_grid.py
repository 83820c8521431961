"""Mean test accuracy by the inhibitory fractions of inputs and hidden units (left; W1+ and W2+ are
beside the cells without inhibitory inputs and without inhibitory hidden units), and where both
fractions are equal, for two kinds of initial weights, with 95 % intervals over seeds (right)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import style, sweep
from spikeloc.plots.heat_map import add_scale, draw_map, in_order

DRAWN_FROM = {
    "summary": "runs/{grid}/summary.csv",
    "ceiling": "runs/{grid}/ceiling.csv",
    "uniform": "runs/{uniform}/summary.csv",
    "balanced": "runs/{balanced}/summary.csv",
}
# Experiments: the grid; the sweeps of both fractions together, from initial weights as drawn and
# from balanced ones; the conditions with inhibition in one layer only.
OPTIONS = {"grid": "", "uniform": "", "balanced": "", "placement": ""}
OF_KIND = {"grid": "grid", "uniform": "sweep", "balanced": "sweep"}
FACTS = ("places", "placements", "variant_of_grid", "chance")
SIZE_MM = (style.DOUBLE_MM, 76.0)
STARTS = {
    "uniform": (style.OTHERS[0], "weights as drawn"),
    "balanced": (style.OTHERS[1], "excitation and inhibition equal at the start"),
}


def draw_placements(
    axes: Axes, placements: Mapping[str, Sequence[float]], places: Mapping[str, Sequence[float]]
) -> None:
    """Name placement conditions outside the map: those without inhibitory inputs above the column
    of such cells, those without inhibitory hidden units beside the row."""
    columns, rows = map(in_order, zip(*places.values(), strict=True))
    for name, (inputs, units) in placements.items():
        if inputs == 0 and 0 in columns:
            at = (columns.index(0) + 0.5, len(rows) + 0.0)
            where: dict[str, Any] = {"xytext": (0, 2), "ha": "center", "va": "bottom"}
        elif units == 0 and 0 in rows:
            at = (len(columns) + 0.0, rows.index(0) + 0.5)
            where = {"xytext": (2, 0), "ha": "left", "va": "center"}
        else:
            continue
        axes.annotate(
            name, at, textcoords="offset points", fontsize=style.SMALL_PT, annotation_clip=False,
            **where,
        )  # fmt: skip


def draw_diagonal(axes: Axes, summary: pd.DataFrame, start: str, variant: str) -> None:
    """Draw the mean accuracy with its 95 % interval against the fraction of both layers."""
    mark, label = STARTS[start]
    own = summary[(summary["metric"] == "test_accuracy") & (summary["variant"] == variant)]
    own = own.sort_values("value")
    axes.fill_between(
        own["value"], own["ci95_low"], own["ci95_high"], color=mark.colour, alpha=style.BAND_ALPHA,
        linewidth=0,
    )  # fmt: skip
    axes.plot(
        own["value"], own["mean"], color=mark.colour, marker=mark.marker, markersize=3, label=label
    )


def draw(
    figure: Figure,
    *,
    summary: pd.DataFrame,
    ceiling: pd.DataFrame,
    uniform: pd.DataFrame,
    balanced: pd.DataFrame,
    places: Mapping[str, Sequence[float]],
    placements: Mapping[str, Sequence[float]],
    variant_of_grid: str,
    chance: float,
) -> None:
    """Draw the map and, beside it, the accuracy where both fractions are equal.

    summary, ceiling: of the grid, one variant; uniform, balanced: summaries of the sweeps of both
    fractions together; places: the fractions of inputs and hidden units in each condition of the
    grid; placements: the same for the placement conditions, by label; variant_of_grid: that of
    the grid; chance: in percent.
    """
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    mesh = draw_map(left, summary, places, "test_accuracy", (0, 100))
    draw_placements(left, placements, places)
    left.set(xlabel="Inhibitory fraction of inputs", ylabel="Inhibitory fraction of hidden units")
    add_scale(figure, left, mesh, ceiling, chance)
    for start, table in (("uniform", uniform), ("balanced", balanced)):
        draw_diagonal(right, table, start, variant_of_grid)
    right.axhline(ceiling["accuracy"].max(), color=style.GREY, **style.CEILING_STYLE)
    sweep.accuracy_axis(right, "test_accuracy", chance)
    right.set(xlim=(-0.04, 1.04), xlabel="Inhibitory fraction of inputs and of hidden units")
    lines, _ = right.get_legend_handles_labels()
    best = Line2D([], [], color=style.GREY, label="ideal observer", **style.CEILING_STYLE)
    style.legend_above(figure, [*lines, best, style.chance_handle()], columns=4)

"""Mean test accuracy by the inhibitory fractions of inputs and hidden units (left), and where both
fractions are equal, for two kinds of initial weights, with 95 % intervals over seeds (right)."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import style, sweep
from spikeloc.plots.heat_map import add_scale, draw_map

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
    "uniform": ("#0072B2", "o", "weights as drawn"),
    "balanced": ("#D55E00", "s", "excitation and inhibition equal at the start"),
}


def draw_placements(axes: Axes, placements: Mapping[str, Sequence[float]]) -> None:
    """Mark the placement conditions on the map."""
    columns, rows = list(axes.get_xticks()), list(axes.get_yticks())
    for name, (x, y) in placements.items():
        on_number = x in columns and y in rows
        axes.plot(
            [x], [y], marker="o", markersize=14 if on_number else 4.5,
            markerfacecolor="none" if on_number else "white", markeredgecolor=style.INK,
            markeredgewidth=0.8, clip_on=False,
        )  # fmt: skip
        beside = y not in rows  # otherwise it would cover the numbers of the row
        axes.annotate(
            name, (x, y), xytext=(5, 0) if beside else (0, 9 if on_number else 5),
            textcoords="offset points", ha="left" if beside else "center",
            va="center" if beside else "bottom", fontsize=style.SMALL_PT,
            bbox={"facecolor": "white", "linewidth": 0, "pad": 0.8},
        )  # fmt: skip


def draw_diagonal(axes: Axes, summary: pd.DataFrame, start: str, variant: str) -> None:
    """Draw the mean accuracy with its 95 % interval against the fraction of both layers."""
    colour, marker, label = STARTS[start]
    own = summary[(summary["metric"] == "test_accuracy") & (summary["variant"] == variant)]
    own = own.sort_values("value")
    axes.fill_between(
        own["value"], own["ci95_low"], own["ci95_high"], color=colour, alpha=style.BAND_ALPHA,
        linewidth=0,
    )  # fmt: skip
    axes.plot(own["value"], own["mean"], color=colour, marker=marker, markersize=3, label=label)


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
    draw_placements(left, placements)
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

"""Test accuracy with each method of sign constraint less that of the reference, sorted. Small marks
are single seeds; large marks are means with 95 % intervals, and hollow ones do not differ
significantly from the reference."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import style
from spikeloc.plots.differences import by_seed
from spikeloc.plots.fractions import SHIFT, marks_of
from spikeloc.plots.strips import draw_networks
from spikeloc.statistics.seed_counts import SIGNIFICANCE, is_significant

DRAWN_FROM = {
    "runs": "runs/{experiments}/runs.csv",
    "comparisons": "runs/{experiments}/comparisons.csv",
}
OPTIONS: dict[str, list[str]] = {"experiments": []}  # one for each inhibitory fraction
FACTS = ("fractions", "reference_label")
SIZE_MM = (style.SINGLE_MM, 92.0)
METRIC = "test_accuracy"


def draw_experiment(
    axes: Axes,
    seeds: pd.DataFrame,
    means: pd.DataFrame,
    rows: list[str],
    look: tuple[style.Mark, float],
) -> None:
    """Draw the single seeds of one experiment, and the means beside them."""
    mark, shift = look
    y = seeds["condition"].map(rows.index) + shift - SHIFT / 6
    draw_networks(axes, seeds["difference"], y, mark, SHIFT / 6, orient="y")
    y = means["condition"].map(rows.index) + shift + SHIFT / 4
    axes.hlines(y, means["ci95_low"], means["ci95_high"], color=mark.colour, zorder=3)
    told = is_significant(means["p_holm"])
    for chosen, face in ((told, mark.colour), (~told, "white")):
        axes.plot(
            means["mean"][chosen], y[chosen], linestyle="none", marker=mark.marker,
            color=mark.colour, markerfacecolor=face, zorder=3,
        )  # fmt: skip


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    comparisons: pd.DataFrame,
    fractions: Mapping[str, float],
    reference_label: str,
) -> None:
    """Draw one row for each method, the best at the largest fraction on top, and one mark for each
    inhibitory fraction.

    runs, comparisons: of the experiments in ``fractions``, each of one variant; fractions:
    inhibitory fraction of each experiment; reference_label: name of the reference.
    """
    axes = figure.add_subplot()
    compared = comparisons[comparisons["metric"] == METRIC]
    seeds = by_seed(runs, compared, METRIC)
    looks = marks_of(fractions)
    order = {name: place for place, name in enumerate(looks)}
    by_rank = compared.assign(place=compared["experiment"].map(order))
    by_rank = by_rank.sort_values(["place", "mean"], ascending=[True, False])
    rows = list(by_rank["condition"].unique())
    for name, look in looks.items():
        own, means = (table[table["experiment"] == name] for table in (seeds, compared))
        draw_experiment(axes, own, means, rows, look)
    labels = runs.drop_duplicates("condition").set_index("condition")["label"]
    axes.set(ylim=(len(rows) - 0.4, -0.6), yticks=range(len(rows)), yticklabels=labels[rows])
    axes.set(xlabel=f"Test accuracy − that of {reference_label} (points)", ylabel="")
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, **style.CHANCE_STYLE)
    for edge in range(1, len(rows)):
        axes.axhline(edge - 0.5, color=style.PALE, linewidth=0.3, zorder=0)
    style.legend_above(figure, handles(fractions), columns=2)


def handles(fractions: Mapping[str, float]) -> list[Line2D]:
    """The legend entries of the fractions, of seeds, intervals and hollow marks."""
    made = [
        Line2D(
            [], [], color=mark.colour, marker=mark.marker, linestyle="none",
            label=f"inhibitory fraction {fractions[name]:g}",
        )
        for name, (mark, _) in marks_of(fractions).items()
    ]  # fmt: skip
    hollow = Line2D(
        [], [], linestyle="none", marker="o", color=style.GREY, markerfacecolor="white",
        label=f"hollow: p ≥ {SIGNIFICANCE:g} (Holm)",
    )  # fmt: skip
    return [*made, style.network_handle("one seed"), style.interval_handle(), hollow]

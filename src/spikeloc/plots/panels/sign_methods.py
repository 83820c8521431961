"""Methods of sign constraint compared with the reference: difference in test accuracy, properties
of training and of the networks, and the learning rates that were tried (small) and chosen (large).
Marks are means with 95 % intervals over seeds; hollow ones do not differ significantly from the
reference."""

import textwrap
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.metrics import declared
from spikeloc.plots import style
from spikeloc.plots.fractions import marks_of
from spikeloc.statistics.seed_counts import SIGNIFICANCE, is_significant

DRAWN_FROM = {
    "summary": "runs/{experiments}/summary.csv",
    "comparisons": "runs/{experiments}/comparisons.csv",
    "learning_rates": "tables/learning_rates.csv",
}
OPTIONS: dict[str, list[str]] = {"experiments": []}  # one for each inhibitory fraction
FACTS = ("fractions", "reference_label")
SIZE_MM = (style.DOUBLE_MM, 86.0)
SIZE = 3.5
METRICS = ("best_epoch", "hidden_rate_hz", "w1_dead_percent")


def draw_points(axes: Axes, table: pd.DataFrame, y: pd.Series, mark: style.Mark) -> None:
    """Draw means with their 95 % intervals. In a table of comparisons, means that do not differ
    significantly from the reference are hollow."""
    told = is_significant(table["p_holm"]) if "p_holm" in table else np.full(len(table), True)
    axes.hlines(y, table["ci95_low"], table["ci95_high"], color=mark.colour, linewidth=1.0)
    for chosen, face in ((told, mark.colour), (~told, "white")):
        axes.plot(
            table["mean"][chosen], y[chosen], linestyle="none", marker=mark.marker,
            markersize=SIZE, color=mark.colour, markerfacecolor=face,
        )  # fmt: skip


def draw_entropy(axes: Axes, table: pd.DataFrame, y: pd.Series, mark: style.Mark) -> None:
    """Draw a line from the entropy at the start of training (a dash) to that at the end."""
    means = table.pivot(index="condition", columns="metric", values="mean")
    rows = y.groupby(table["condition"]).first()
    start, end = means["w1_entropy_start"], means["w1_entropy"]
    axes.hlines(rows[means.index], start, end, color=mark.colour, linewidth=1.0)
    axes.plot(
        start, rows[means.index], linestyle="none", marker="|", markersize=5, color=mark.colour
    )
    axes.plot(
        end, rows[means.index], linestyle="none", marker=mark.marker, markersize=SIZE,
        color=mark.colour,
    )  # fmt: skip


def draw_rates(axes: Axes, rates: pd.DataFrame, y: pd.Series, mark: style.Mark) -> None:
    """Draw the learning rates that were tried as small dots, and the chosen one as a mark."""
    axes.plot(
        rates["learning_rate"], y, linestyle="none", marker=".", markersize=2, color=style.PALE,
        zorder=1,
    )  # fmt: skip
    chosen = rates["chosen"]
    axes.plot(
        rates["learning_rate"][chosen], y[chosen], linestyle="none", marker=mark.marker,
        markersize=SIZE, color=mark.colour,
    )  # fmt: skip


def draw(
    figure: Figure,
    *,
    summary: pd.DataFrame,
    comparisons: pd.DataFrame,
    learning_rates: pd.DataFrame,
    fractions: Mapping[str, float],
    reference_label: str,
) -> None:
    """Draw one row for each method and one mark for each inhibitory fraction.

    summary, comparisons, learning_rates: of the experiments in ``fractions``, each of one variant;
    fractions: inhibitory fraction of each experiment; reference_label: name of the reference.
    """
    row = figure.subplots(1, 6, sharey=True, width_ratios=(1.6, 1, 1, 1, 1.2, 0.9))
    labels = summary.drop_duplicates("condition").set_index("condition")["label"]
    row_of = dict(zip(labels.index, range(len(labels)), strict=True))
    for name, (mark, shift) in marks_of(fractions).items():

        def rows_of(table: pd.DataFrame, *metrics: str, of: str = name) -> pd.DataFrame:
            own = table[table["experiment"] == of]
            return own[own["metric"].isin(metrics)] if metrics else own

        def y_of(table: pd.DataFrame, by: float = shift) -> pd.Series:
            return table["condition"].map(row_of) + by

        compared = rows_of(comparisons, "test_accuracy")
        draw_points(row[0], compared, y_of(compared), mark)
        for axes, metric in zip(row[1:4], METRICS, strict=True):
            own = rows_of(summary, metric)
            draw_points(axes, own, y_of(own), mark)
        entropy = rows_of(summary, "w1_entropy_start", "w1_entropy")
        draw_entropy(row[4], entropy, y_of(entropy), mark)
        rates = rows_of(learning_rates)
        draw_rates(row[5], rates, y_of(rates), mark)
    tried = sorted(learning_rates["learning_rate"].unique())
    finish(row, list(labels), reference_label, tried)
    style.legend_above(figure, handles(fractions), columns=4)


def finish(
    row: npt.NDArray[np.object_], labels: list[str], reference: str, rates: list[float]
) -> None:
    """Label the axes and rows."""
    row[0].axvline(0, **style.CHANCE_STYLE)
    row[0].set_xlabel(f"Test accuracy − that of\n{reference} (points)")
    for axes, metric in zip(row[1:4], METRICS, strict=True):
        axes.set(xlabel=textwrap.fill(declared.label(metric), 12), xlim=(0, None))
    row[4].set_xlabel("Spectral entropy of\nW1, start (|) to end")
    row[5].set(xlabel="Learning\nrate", xscale="log")
    row[5].set_xticks(rates, [f"{rate:g}" for rate in rates], rotation=90)
    row[5].minorticks_off()
    row[0].set(ylim=(len(labels) - 0.4, -0.6), yticks=range(len(labels)), yticklabels=labels)
    for axes in row:
        axes.tick_params(axis="y", length=0, labelleft=axes is row[0])
        for edge in range(1, len(labels)):
            axes.axhline(edge - 0.5, color=style.PALE, linewidth=0.3, zorder=0)


def handles(fractions: Mapping[str, float]) -> list[Line2D]:
    """The legend entries of the fractions, of intervals and of hollow marks."""
    made = [
        Line2D(
            [], [], color=mark.colour, marker=mark.marker, markersize=SIZE,
            label=f"inhibitory fraction {fractions[name]:g}",
        )
        for name, (mark, _) in marks_of(fractions).items()
    ]  # fmt: skip
    hollow = f"hollow: not told apart (p ≥ {SIGNIFICANCE:g}, Holm)"
    return [*made, Line2D([], [], color=style.GREY, label="95 % interval of the mean"), Line2D(
        [], [], linestyle="none", marker="o", markersize=SIZE, color=style.GREY,
        markerfacecolor="white", label=hollow,
    )]  # fmt: skip

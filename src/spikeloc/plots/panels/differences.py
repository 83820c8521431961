"""Differences in {metric} from the reference condition, within seeds. Small marks are single seeds;
large marks are means with 95 % intervals."""

from collections.abc import Sequence
from itertools import count

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.metrics import declared
from spikeloc.plots import style
from spikeloc.plots.differences import by_seed
from spikeloc.plots.strips import draw_networks

DRAWN_FROM = {
    "runs": "runs/{experiments}/runs.csv",
    "comparisons": "runs/{experiments}/comparisons.csv",
}
OPTIONS = {
    "experiments": [],  # sweeps of one parameter, and experiments of named conditions
    "variants": [],  # those to draw, each in the experiments that have it
    "labels": [],  # of the variants, or their names
    "omit": [],  # labels of conditions that are left out
    "xlabel": "",  # of the sweeps
    "metric": "test_accuracy",
}
SIZE_MM = (style.DOUBLE_MM, 62.0)
GROUP_WIDTH = 0.7  # of the marks of one condition, as a share of the distance between conditions
SPREAD = 0.25  # of single seeds, as a share of the distance between variants


def marks_of(variants: Sequence[str]) -> dict[str, style.Mark]:
    """The mark of each variant: its own, or one without another meaning if it has none."""
    free = count()
    return {
        name: style.VARIANTS[name] if name in style.VARIANTS else style.OTHERS[next(free)]
        for name in variants
    }


def conditions_of(runs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Experiment, condition, label and value of the conditions of sweeps, and of named ones."""
    names = runs[["experiment", "condition", "label", "value"]].drop_duplicates()
    swept = names["value"].notna()
    return names[swept].sort_values("value"), names[~swept]


def draw_block(
    axes: Axes,
    names: pd.DataFrame,
    seeds: pd.DataFrame,
    means: pd.DataFrame,
    marks: dict[str, style.Mark],
) -> None:
    """Draw some conditions side by side, and in each condition the variants side by side."""
    seeds, means = seeds.merge(names), means.merge(names)
    labels = [label for label in names["label"].unique() if label in set(means["label"])]
    step = GROUP_WIDTH / len(marks)
    shifts = (np.arange(len(marks)) - (len(marks) - 1) / 2) * step
    for (variant, mark), shift in zip(marks.items(), shifts, strict=True):
        own, mean = (table[table["variant"] == variant] for table in (seeds, means))
        x = own["label"].map(labels.index) + shift - step / 6
        draw_networks(axes, x, own["difference"], mark, step * SPREAD)
        x = mean["label"].map(labels.index) + shift + step / 4
        axes.vlines(x, mean["ci95_low"], mean["ci95_high"], color=mark.colour, zorder=3)
        axes.plot(
            x, mean["mean"], linestyle="none", marker=mark.marker, color=mark.colour, zorder=3
        )
    axes.axhline(0, **style.CHANCE_STYLE)
    axes.set_xticks(range(len(labels)), labels)
    axes.set(xlim=(-0.5, len(labels) - 0.5), ylabel="", xlabel="")
    axes.tick_params(axis="x", length=0)
    reference = names.merge(means[["experiment", "reference"]].drop_duplicates())
    reference = reference[reference["condition"] == reference["reference"]]["label"]
    axes.set_title(f"Difference from {', '.join(reference.unique())}")


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    comparisons: pd.DataFrame,
    variants: Sequence[str],
    labels: Sequence[str],
    omit: Sequence[str],
    xlabel: str,
    metric: str,
) -> None:
    """Draw sweeps on the left and named conditions on the right.

    runs, comparisons: tables of the experiments. Without ``variants``, all are drawn.
    """
    runs = runs[~runs["label"].isin(omit)]
    marks = marks_of(variants or style.variants_in(runs))
    runs = runs[runs["variant"].isin(marks)]
    means = comparisons[(comparisons["metric"] == metric) & comparisons["variant"].isin(marks)]
    seeds = by_seed(runs, means, metric)
    blocks = [names for names in conditions_of(runs) if len(names)]
    widths = [names["label"].nunique() for names in blocks]
    row = figure.subplots(1, len(blocks), sharey=True, squeeze=False, width_ratios=widths)[0]
    for axes, names in zip(row, blocks, strict=True):
        draw_block(axes, names, seeds, means, marks)
    name = declared.label(metric).replace("(%)", "(points)")
    row[0].set(xlabel=xlabel, ylabel=f"Difference in {name[:1].lower()}{name[1:]}")
    said = labels or [variant.replace("_", " ") for variant in marks]
    handles = [
        *(
            Line2D([], [], color=m.colour, marker=m.marker, linestyle="none", label=name)
            for m, name in zip(marks.values(), said, strict=True)
        ),
        style.network_handle("one seed"),
        style.interval_handle(),
    ]
    style.legend_above(figure, handles, columns=len(handles))

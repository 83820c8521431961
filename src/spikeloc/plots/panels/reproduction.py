"""Each printed value, beside the mean and the 95 % prediction interval of our runs of its protocol.
Losses between the first and the last epoch are drawn only of the first condition that has them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from spikeloc.metrics import declared
from spikeloc.plots import style

DRAWN_IF = "printed"
DRAWN_FROM = {"table": "tables/reproduction.csv"}
FACTS = ("titles",)
SIZE_MM = (style.DOUBLE_MM, 124.0)
# The first columns of axes, with the limits of the x axis; other metrics follow.
LIMITS = {
    "train_accuracy": (0.0, 100.0),
    "test_accuracy": (0.0, 100.0),
    "train_abs_error_deg": (3.0, 130.0),
    "test_abs_error_deg": (3.0, 130.0),
    "loss": (0.0, 3.2),
}
ROW_MM = 4.0  # the least height of a row
BAR: dict[str, Any] = {"linewidth": 3.4, "alpha": 0.35}
MEAN: dict[str, Any] = {"linestyle": "none", "marker": "|", "markersize": 5.5}
OURS = ["row", "mean", "interval_low", "interval_high"]
INSIDE: dict[str, Any] = {**style.PRINTED_STYLE, "markersize": 3.2}
OUTSIDE = {**INSIDE, "marker": "X", "markersize": 5.2, "markeredgewidth": 0.4}
OUTSIDE |= {"markerfacecolor": style.MISSED, "markeredgecolor": "white"}
UNKNOWN = {**INSIDE, "markeredgecolor": style.GREY}


def split_by_place(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the column of axes and the label of the row to each value. Losses between the first and
    the last epoch are returned as a second table."""
    epoch = table["metric"].str.extract(r"^epoch_(\d+)_loss$")[0]
    swept = table["value"].map("{:g}".format).where(table["value"].notna(), table["label"])
    table = table.assign(
        column=table["metric"].str.replace(r"^(first|last)_epoch_|^epoch_\d+_", "", regex=True),
        row_label=swept.where(epoch.isna(), epoch),
    )
    return table[epoch.isna()], table[epoch.notna()]


def limits_of(column: str, values: pd.DataFrame) -> tuple[float, float] | None:
    """The limits of a column of axes: the usual ones, or wider ones that show all of its values."""
    if column not in LIMITS:
        return None
    low, high = LIMITS[column]
    shown = values[["printed", "mean"]].to_numpy(float)
    least, most = np.nanmin(shown), np.nanmax(shown)
    return low if low <= least else 0.9 * least, high if high >= most else 1.1 * most


def draw_values(axes: Axes, values: pd.DataFrame) -> None:
    """Draw intervals, means and printed values at the heights in `row`. Sessions in one row have
    their interval in common."""
    for variant in style.variants_in(values):
        ours = values[values["variant"] == variant].drop_duplicates(OURS)
        colour = style.VARIANTS[variant].colour
        axes.hlines(ours["row"], ours["interval_low"], ours["interval_high"], color=colour, **BAR)
        axes.plot(ours["mean"], ours["row"], color=colour, **MEAN)
    for is_it, mark in verdicts(values):
        axes.plot(values.loc[is_it, "printed"], values.loc[is_it, "row"], **mark)


def verdicts(table: pd.DataFrame) -> list[tuple[pd.Series, dict[str, Any]]]:
    """Masks of the values inside, outside, and without an interval, each with its mark."""
    inside = table["inside"]
    none = inside.isna()
    return [
        (inside.fillna(False), INSIDE),
        (~inside.fillna(True), OUTSIDE),
        (none, UNKNOWN),
    ]


def draw_block(row: Mapping[str, Axes], table: pd.DataFrame) -> None:
    """Draw the values of an experiment, each in the axes of its column and the row of its label."""
    labels = list(dict.fromkeys(table["row_label"]))
    table = table.assign(row=table["row_label"].map(labels.index))
    with_labels = True
    for column, axes in row.items():
        values = table[table["column"] == column]
        if len(values):
            axes.set_visible(True)
            draw_values(axes, values)
            axes.set(ylim=(len(labels) - 0.4, -0.6))
            axes.set_yticks(range(len(labels)), labels if with_labels else [])
            axes.tick_params(axis="y", length=0)
            axes.grid(axis="y", color=style.PALE, linewidth=0.4)
            with_labels = False


def draw(figure: Figure, *, table: pd.DataFrame, titles: Mapping[str, str]) -> None:
    """Draw one row for each condition and one column for each metric.

    The losses between the first and the last epoch are in the first row with room for them, or in
    a row of their own, for one condition; the table has those of all conditions.

    table: as in `results/tables/reproduction.csv`; titles: title of each experiment.
    """
    if table.empty:
        figure.text(0.5, 0.5, "no printed values", ha="center", va="center")
        return
    values, epochs = split_by_place(table)
    first_condition = epochs[["experiment", "condition"]].drop_duplicates()[:1]
    epochs = epochs.merge(first_condition)
    found = [*values["column"], *epochs["column"]]
    columns = [name for name in dict.fromkeys([*LIMITS, *found]) if name in found]
    blocks = [group for _, group in values.groupby("experiment", sort=False)]
    with_room = [i for i, block in enumerate(blocks) if "loss" not in {*block["column"]}]
    place = with_room[0] if with_room else len(blocks)
    heights = [1 + block["row_label"].nunique() for block in blocks]
    if len(epochs) and not with_room:
        heights.append(1 + len(epochs))
    figure.set_figheight(max(SIZE_MM[1], ROW_MM * sum(heights)) / style.MM_PER_INCH)
    grid = figure.subplots(
        len(heights), len(columns), sharex="col", height_ratios=heights, squeeze=False
    )
    for axes in grid.flat:
        axes.set_visible(False)
    rows = [dict(zip(columns, row, strict=True)) for row in grid]
    for row, block in zip(rows, blocks, strict=False):
        draw_block(row, block)
        first = next(axes for axes in row.values() if axes.get_visible())
        first.set_title(titles[block["experiment"].iloc[0]], loc="left")
    if len(epochs):
        draw_block(rows[place], epochs)
        rows[place]["loss"].set_title(f"{epochs['label'].iloc[0]}, by epoch", loc="left")
    places = pd.concat([values, epochs])
    for name in columns:
        axes = next(row[name] for row in reversed(rows) if row[name].get_visible())
        axes.tick_params(labelbottom=True)
        axes.set(xlabel=axis_label(name), xlim=limits_of(name, places[places["column"] == name]))
        if LIMITS.get(name, (0, 0))[0] > 0:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(FixedLocator([1, 2, 5, 10, 20, 50, 100]))
            axes.xaxis.set_minor_locator(NullLocator())
            axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    style.legend_above(figure, legend(table), columns=5)


def axis_label(column: str) -> str:
    """What the axis of a column says, in two lines."""
    if column == "loss":
        return f"{declared.label('train_loss')},\nfirst and last epoch"
    first, *last = declared.label(column).rsplit(maxsplit=2)
    return f"{first}\n{' '.join(last)}".strip()


def legend(table: pd.DataFrame) -> list[Artist]:
    """The legend entries, with the numbers of values inside and outside."""
    handles: list[Artist] = []
    for variant in style.variants_in(table):
        colour = style.VARIANTS[variant].colour
        interval = f"{variant}: 95 % prediction interval"
        handles.append(Line2D([], [], color=colour, label=interval, **BAR))
        handles.append(Line2D([], [], color=colour, label=f"{variant}: mean", **MEAN))
    names = ("inside", "outside", "no interval")
    for name, (is_it, mark) in zip(names, verdicts(table), strict=True):
        if is_it.any():
            handles.append(Line2D([], [], label=f"notebook, {name} ({is_it.sum()})", **mark))
    return handles

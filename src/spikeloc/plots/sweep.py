"""Shared drawing of a metric against a swept parameter."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from spikeloc.metrics import declared
from spikeloc.plots import style
from spikeloc.plots.ceiling import ceiling_handles, draw_ceiling, is_level
from spikeloc.plots.strips import draw_networks

# If the largest gap between values exceeds the smallest by this factor, they are spaced evenly.
UNEVEN = 3.0
# Of networks, of printed values from these, and of both from the middle at most, as shares of the
# distance between values, or of a tenth of the axis if that is less.
DODGE, BESIDE, MOST_BESIDE = 0.12, 0.18, 0.4
SPREAD = 0.06  # of the networks at one value
SLOTS = 10
MOST_TICKS = 14
WHOLE_AXIS = (0, 100)
# A cut axis of accuracy starts at this value or above, and its ticks have this distance (percent).
CLOSE_FROM = 50
CLOSE_STEP = 5


def rows_of(table: pd.DataFrame, runs: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The rows of a long table for one metric and the experiments and conditions in `runs`."""
    same = table["experiment"].isin(runs["experiment"])
    return table[same & table["condition"].isin(runs["condition"]) & (table["metric"] == metric)]


def finished(runs: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The networks with a value of the metric, that is, those that have not diverged."""
    return runs.dropna(subset=[metric])


def count_text(runs: pd.DataFrame, metric: str) -> str:
    """The number of networks in a mean as text: "of 10", or "of 8 to 10" if it varies."""
    counts = finished(runs, metric).groupby(["condition", "variant"]).size()
    low, high = (counts.min(), counts.max()) if len(counts) else (0, 0)
    return f"of {low}" if low == high else f"of {low} to {high}"


def network_handle(runs: pd.DataFrame, metric: str) -> Artist:
    """The legend entry of single networks, with their number in a mean."""
    return style.network_handle(f"one network ({count_text(runs, metric)})")


def legend_handles(
    runs: pd.DataFrame,
    printed: pd.DataFrame,
    metric: str,
    *,
    means: Sequence[Artist],
    interval: Artist,
    ceiling: pd.DataFrame | None = None,
    with_chance: bool = True,
) -> list[Artist]:
    """The legend entries of a panel of one metric: means, seeds, interval, printed values, ideal
    observers (if there is a ceiling), and chance (if it is on the axis)."""
    handles = [*means, network_handle(runs, metric), interval]
    if len(printed):
        handles.append(style.printed_handle(with_sd=bool(printed["printed_sd"].notna().any())))
    chance = [style.chance_handle()] if with_chance else []
    if ceiling is None:  # as many rows as the panel of test data, so that axes have the same height
        return [*handles, *chance, *(style.blank_handle() for _ in means)]
    return [*handles, *ceiling_handles(ceiling), *chance]


def spread_positions(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """The positions of sorted values on the x axis, and whether they are to scale.

    Uneven values such as 0, 1, 2, ..., 50, 100 have equal distances, so that all can be read.
    """
    gaps = np.diff(values)
    if len(gaps) and gaps.max() > UNEVEN * gaps.min():
        return np.arange(len(values), dtype=float), False
    return values, True


def draw_sweep(
    axes: Axes,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    metric: str,
    xlabel: str,
    printed: pd.DataFrame | None = None,
    ceiling: pd.DataFrame | None = None,
    joined: bool = True,
) -> None:
    """Draw seeds, means with 95 % intervals and printed values of a metric against `value`, each
    printed value beside the seeds of its own variant.

    runs, summary, printed: tables of one experiment, as in `results/tables`; printed values are
    only of this metric and of conditions in `runs`, as `rows_of` selects them; ceiling: the
    ideal observer of each condition, for test data only. Both need one value for each condition;
    joined: whether a line goes through the means, with a band of their intervals.
    """
    values = np.sort(runs["value"].unique())
    places, to_scale = spread_positions(values)
    place_of = dict(zip(values, places, strict=True))
    step = np.diff(places).min() if len(places) > 1 else 1.0
    left, right = places[0] - 0.5 * step, places[-1] + 0.5 * step
    narrow = min(1.0, (right - left) / step / SLOTS)
    variants = style.variants_in(runs)
    value_of = runs.drop_duplicates("condition").set_index("condition")["value"]
    for variant, shift in zip(variants, style.dodge(len(variants), DODGE), strict=True):
        mark = style.VARIANTS[variant]
        seeds = finished(runs[runs["variant"] == variant], metric)
        x = seeds["value"].map(place_of) + shift * narrow * step
        draw_networks(axes, x, seeds[metric], mark, SPREAD * narrow)
        mean = rows_of(summary, runs, metric).query("variant == @variant").sort_values("value")
        x = mean["value"].map(place_of)
        ends = mean["ci95_low"], mean["ci95_high"]
        if joined:
            shade = style.BAND_ALPHA
            axes.fill_between(x, *ends, color=mark.colour, alpha=shade, linewidth=0, zorder=2.5)
        else:
            axes.vlines(x, *ends, color=mark.colour, zorder=3)
        axes.plot(
            x, mean["mean"], color=mark.colour, marker=mark.marker, markersize=3, zorder=3,
            linestyle="-" if joined else "none",
        )  # fmt: skip
        if printed is not None:
            own = printed[printed["variant"] == variant]
            beside = math.copysign(min(abs(shift) + BESIDE, MOST_BESIDE), shift or -1)
            x = own["condition"].map(value_of).map(place_of) + beside * narrow * step
            draw_printed(axes, x, own)
    if ceiling is not None:
        stretches = {name: [place_of[value]] for name, value in value_of.items()}
        if is_level(ceiling):  # draw one line from edge to edge
            stretches[value_of.idxmin()].append(left)
            stretches[value_of.idxmax()].append(right)
        draw_ceiling(axes, ceiling, metric, stretches)
    axes.set_xlim(left, right)
    every = math.ceil(len(values) / MOST_TICKS)
    axes.set_xticks(places[::every], [f"{value:g}" for value in values[::every]])
    axes.set_xlabel(xlabel if to_scale else f"{xlabel}, not to scale")


def draw_printed(axes: Axes, x: ArrayLike, printed: pd.DataFrame) -> None:
    """Draw printed values at x, with their standard deviations if they have some."""
    axes.errorbar(
        x,
        printed["printed"],
        yerr=printed["printed_sd"],
        elinewidth=0.8,
        capsize=1.5,
        capthick=0.8,
        **style.PRINTED_STYLE,
    )


def accuracy_axis(
    axes: Axes, metric: str, chance: float, shown: tuple[int, int] = WHOLE_AXIS
) -> None:
    """Make the y axis an axis of accuracy, with the chance level (percent) if it is in range."""
    low, high = shown
    if low <= chance:
        axes.axhline(chance, **style.CHANCE_STYLE)
    step = 20 if high - low > 50 else CLOSE_STEP
    axes.set(ylim=shown, yticks=range(low, high + 1, step), ylabel=declared.label(metric))


def close_range(*accuracies: pd.Series) -> tuple[int, int]:
    """The range of an axis of accuracy (percent) for these values: the whole axis if one of them is
    low, else from a round number below them to one above."""
    values = pd.concat(accuracies)
    low = CLOSE_STEP * math.floor((values.min() - 1) / CLOSE_STEP)
    high = CLOSE_STEP * math.ceil(values.max() / CLOSE_STEP)
    return (low, high) if low >= CLOSE_FROM else WHOLE_AXIS


def needed_range(
    runs: pd.DataFrame, ceiling: pd.DataFrame, printed: pd.DataFrame
) -> tuple[int, int]:
    """The range of accuracy (percent) of the networks on test data, of their ideal observers and of
    printed values."""
    values = printed["printed"].astype(float)
    return close_range(runs["test_accuracy"].dropna(), ceiling["accuracy_high"], values)


def add_legend(
    figure: Figure,
    runs: pd.DataFrame,
    printed: pd.DataFrame,
    metric: str,
    ceiling: pd.DataFrame | None = None,
    with_chance: bool = True,
) -> None:
    """Put the legend of a sweep above its figure."""
    means = [style.variant_handle(variant) for variant in style.variants_in(runs)]
    handles = legend_handles(
        runs,
        printed,
        metric,
        means=means,
        interval=style.band_handle(),
        ceiling=ceiling,
        with_chance=with_chance,
    )
    style.legend_above(figure, handles, columns=2)

"""Test accuracy against the number of epochs. Small marks are single networks; lines with bands are
means with 95 % intervals over seeds, the reference the darkest; dotted lines are the ideal
observer."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from spikeloc.plots import style, sweep
from spikeloc.plots.strips import draw_networks

DRAWN_FROM = {
    "runs": "runs/{experiment}/runs.csv",
    "convergence": "runs/{experiment}/convergence.csv",
    "comparisons": "runs/{experiment}/comparisons.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
}
OPTIONS = {
    "experiment": "",  # where the panel is not of an experiment of this config
    "title": "",
}
FACTS = ("chance",)
SIZE_MM = (style.SINGLE_MM, 60.0)
METRIC = "test_accuracy"
MARKERS = "osvDX^Ph"
# shares of a factor of ten: between conditions, and of networks from their mean
DODGE = 0.01
BESIDE = 0.04
SPREAD = 0.02  # of networks, as a share of the distance between numbers of epochs


def marks_of(
    conditions: Iterable[str], reference: str, swept: bool = False
) -> dict[str, style.Mark]:
    """A mark for each condition, the reference first and then the others, from dark to light; no
    colour of a variant among them. Values of a sweep are green, so that beside each other, a value
    and a condition of another panel have the same colour only where both are the reference."""
    conditions = sorted(conditions, key=lambda name: name != reference)
    shades = colormaps["cividis"](np.linspace(0, 0.85, len(conditions)))
    if swept:
        shades[1:] = colormaps["YlGn_r"](np.linspace(0.1, 0.65, len(conditions) - 1))
    colours = ["#" + "".join(f"{round(255 * part):02x}" for part in shade[:3]) for shade in shades]
    return {
        name: style.Mark(colour, MARKERS[place % len(MARKERS)])
        for place, (name, colour) in enumerate(zip(conditions, colours, strict=True))
    }


def draw_condition(
    axes: Axes, networks: pd.DataFrame, means: pd.DataFrame, mark: style.Mark, factor: float
) -> None:
    """Draw one condition, its epochs multiplied by ``factor``, which sets conditions apart."""
    beside = means.set_index("variant")["epochs"] * factor / 10**BESIDE
    draw_networks(axes, networks["variant"].map(beside), networks[METRIC], mark, SPREAD)
    x = means["epochs"] * factor
    axes.fill_between(
        x, means["accuracy_low"], means["accuracy_high"],
        color=mark.colour, alpha=style.BAND_ALPHA, linewidth=0, zorder=2.5,
    )  # fmt: skip
    axes.plot(x, means["accuracy"], color=mark.colour, marker=mark.marker, markersize=3.5, zorder=3)


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    convergence: pd.DataFrame,
    comparisons: pd.DataFrame,
    ceiling: pd.DataFrame,
    chance: float,
    title: str,
) -> None:
    """Draw one line for each condition of an experiment.

    runs, convergence, comparisons, ceiling: tables of the experiment; chance: in percent.
    """
    axes = figure.add_subplot(xscale="log")
    conditions = convergence.drop_duplicates("condition")
    names = conditions["condition"]
    marks = marks_of(names, comparisons["reference"].iloc[0], runs["value"].notna().all())
    shifts = style.dodge(len(marks), DODGE)
    observed = ceiling.drop_duplicates("condition").set_index("condition")["accuracy"]
    for name, shift in zip(names, shifts, strict=True):
        mark = marks[name]
        means = convergence[convergence["condition"] == name]
        networks = sweep.finished(runs[runs["condition"] == name], METRIC)
        draw_condition(axes, networks, means, mark, 10**shift)
        if observed.nunique() > 1:
            axes.axhline(observed[name], color=mark.colour, zorder=1, **style.CEILING_STYLE)
    if observed.nunique() == 1:
        axes.axhline(observed.iloc[0], color=style.INK, zorder=1, **style.CEILING_STYLE)
    epochs = np.sort(convergence["epochs"].unique())
    axes.set_xticks(epochs, [f"{value:g}" for value in epochs])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(xlabel="Epochs of training", title=title)
    shown = sweep.close_range(runs[METRIC].dropna(), ceiling["accuracy"])
    sweep.accuracy_axis(axes, METRIC, chance, shown)
    handles: list[Artist] = [  # the title says what is varied
        Line2D([], [], color=marks[name].colour, marker=marks[name].marker, label=label)
        for name, label in zip(names, conditions["label"], strict=True)
    ]
    handles += legend(runs, with_chance=shown[0] <= chance)
    # three rows, so that panels side by side have axes of one height
    style.legend_above(figure, handles, columns=math.ceil(len(handles) / 3))


def legend(runs: pd.DataFrame, with_chance: bool) -> list[Artist]:
    """The legend entries that all conditions have in common."""
    observer = Line2D([], [], color=style.INK, label="ideal observer", **style.CEILING_STYLE)
    common = [observer, sweep.network_handle(runs, METRIC), style.band_handle()]
    return [*common, style.chance_handle()] if with_chance else common

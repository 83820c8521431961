"""The settings that a search has tried: accuracy on validation data against the epochs of each
round, one axes for each recipe."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from spikeloc.plots import style
from spikeloc.plots.sweep import accuracy_axis, close_range

DRAWN_IF = "search"
DRAWN_FROM = {"search": "tables/search.csv"}
FACTS = ("recipe_labels", "chance")
SIZE_MM = (style.DOUBLE_MM, 62.0)
MARK = style.PLAIN
TRIED: dict[str, Any] = {"color": style.GREY, "linewidth": 0.6, "marker": "o", "markersize": 2}
WINNER: dict[str, Any] = {"color": MARK.colour, "marker": MARK.marker, "markersize": 3.5}


def draw_recipe(axes: Axes, tried: pd.DataFrame) -> None:
    """Draw each candidate of one recipe as a line through its rounds."""
    last = tried[tried["round"] == tried["round"].max()]
    winner = last.loc[last["rank"] == 1, "candidate"].item()
    for candidate, rounds in tried.groupby("candidate"):
        marks = WINNER | {"zorder": 3} if candidate == winner else TRIED
        axes.plot(rounds["epochs"], rounds["val_accuracy"], **marks)
    epochs = np.sort(tried["epochs"].unique())
    axes.set_xscale("log")
    axes.set_xticks(epochs, [f"{value:g}" for value in epochs])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("Epochs of the round")


def draw(
    figure: Figure, *, search: pd.DataFrame, recipe_labels: Mapping[str, str], chance: float
) -> None:
    """Draw one axes for each recipe.

    search: `results/tables/search.csv`; recipe_labels: title of each recipe; chance: in percent.
    """
    recipes = search["recipe"].unique()
    row = figure.subplots(1, len(recipes), squeeze=False, sharey=True)[0]
    shown = close_range(search["val_accuracy"])
    for axes, recipe in zip(row, recipes, strict=True):
        draw_recipe(axes, search[search["recipe"] == recipe])
        accuracy_axis(axes, "test_accuracy", chance, shown)
        axes.set(title=recipe_labels[recipe], ylabel="Validation accuracy (%)")
        axes.label_outer()
    handles = [
        Line2D([], [], label="one choice of settings", **TRIED),
        Line2D([], [], label="best in the last round", **WINNER),
    ]
    if shown[0] <= chance:
        handles.append(style.chance_handle())
    style.legend_above(figure, handles, columns=3)

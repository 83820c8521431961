"""Confusion matrices: estimated against true IPD class, as the share of each true class in the test
data, mean over networks."""

import math
from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spikeloc.metrics.confusion import confusion_shares
from spikeloc.plots import style
from spikeloc.plots.heat_map import draw_matrix, ipd_cells

DRAWN_FROM = {"confusion": "runs/{experiment}/confusion.csv"}
OPTIONS: dict[str, list[str]] = {"conditions": []}  # all, if empty
FACTS = ("labels",)
SIZE_MM = (style.SINGLE_MM, 76.0)
COLUMNS = 2


def count_matrices(table: pd.DataFrame, classes: int) -> NDArray[np.float64]:
    """The counts (networks, estimated, true) in the long table of one condition and variant."""
    network = table.groupby(["seed", "network"]).ngroup()
    counts = np.zeros((network.nunique(), classes, classes))
    counts[network, table["estimated"], table["true"]] = table["count"]
    return counts


def draw(figure: Figure, *, confusion: pd.DataFrame, labels: Mapping[str, str]) -> None:
    """Draw one matrix for each condition and variant, two in a row, with one colour scale.

    confusion: columns condition, variant, seed, network, estimated, true, count, with classes
    numbered from 0; labels: label of each condition to show.
    """
    classes = 1 + int(confusion[["estimated", "true"]].to_numpy().max())
    by_kind = dict(list(confusion.groupby(["condition", "variant"])))
    kinds = product(labels, style.variants_in(confusion))
    groups = [(kind, by_kind[kind]) for kind in kinds if kind in by_kind]
    counts = [count_matrices(rows, classes) for _, rows in groups]
    means = [confusion_shares(each).mean(axis=0) for each in counts]
    rows = math.ceil(len(groups) / COLUMNS)
    grid = figure.subplots(rows, COLUMNS, squeeze=False)
    for axes in grid.flat[len(groups) :]:
        axes.set_visible(False)
    scale = Normalize(0, max(mean.max() for mean in means))
    for index, ((condition, variant), _) in enumerate(groups):
        axes = grid.flat[index]
        mesh = draw_matrix(axes, means[index], norm=scale, cmap=style.COUNT_COLOURS, square=True)
        axes.set_title(f"{labels[condition]}, {variant}")
        below = "True IPD (°)" if index + COLUMNS >= len(groups) else ""
        # Tick labels at the ends would overlap those of the next axes.
        ipd_cells(axes, "x", classes, below, (-60, 0, 60))
        beside = "Estimated IPD (°)" if index % COLUMNS == 0 else ""
        ipd_cells(axes, "y", classes, beside, (-60, 0, 60))
        axes.tick_params(labelbottom=bool(below), labelleft=bool(beside))
        axes.spines[:].set_visible(True)
    bar = figure.colorbar(mesh, ax=grid, location="right", shrink=0.7, aspect=25)
    bar.set_label("Share of true class (mean)")

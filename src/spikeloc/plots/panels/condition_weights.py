"""Weights W1 and W2 and their product for one network of each run, with the hidden units
sorted by preferred delay. Each matrix has its own colour scale."""

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spikeloc.analysis.weight_structure import sorted_matrices
from spikeloc.plots import rasters, style
from spikeloc.plots.weight_image import draw_weights

DRAWN_IF = "analysis"
DRAWN_FROM = {"weights": "runs/{runs}/weights.safetensors"}
FACTS = ("run_labels",)
SIZE_MM = (style.DOUBLE_MM, 190.0)
COLUMNS = 7
YLABELS = ("W1", "W2", "W1·W2")


def draw_matrix(axes: Axes, matrix: NDArray[np.float64], row: int) -> None:
    """Draw one matrix with its own colour scale, symmetric about 0. By ``row``: W1 (fibres, units),
    W2 (units, classes), or their product (fibres, classes)."""
    rows, columns = matrix.shape
    x = (0.5, columns + 0.5) if row == 0 else (-90, 90)
    draw_weights(axes, matrix, x, (-0.5, rows - 0.5))
    if row == 1:
        axes.set_yticks([])
    else:
        rasters.fibre_axis(axes, rows)
    axes.set_xticks([] if row == 0 else [-90, 0, 90], None if row == 0 else ["−90", "0", "90"])
    axes.tick_params(axis="x", pad=1)


def draw(
    figure: Figure,
    *,
    weights: Mapping[str, Mapping[str, NDArray[np.float64]]],
    run_labels: Mapping[str, str],
) -> None:
    """Draw one column for each run, in blocks of seven: W1, W2 and W1·W2.

    weights: by run, `w1` (inputs, hidden) and `w2` (hidden, classes) with their signs;
    run_labels: label of each run.
    """
    blocks = math.ceil(len(weights) / COLUMNS)
    grid = figure.subplots(3 * blocks, COLUMNS, squeeze=False, height_ratios=(1.3, 1, 1.3) * blocks)
    for number, (run, network) in enumerate(weights.items()):
        block, column = divmod(number, COLUMNS)
        for row, matrix in enumerate(sorted_matrices(network)):
            axes = grid[3 * block + row, column]
            draw_matrix(axes, matrix, row)
            if column:
                axes.set_yticks([])
            else:
                axes.set_ylabel(YLABELS[row] + (" (sorted units)" if row == 1 else ""))
        grid[3 * block, column].set_title(run_labels[run])
        grid[3 * block, column].set_xlabel("sorted units", labelpad=1, fontsize=style.SMALL_PT)
        grid[3 * block + 2, column].set_xlabel("IPD class (°)", fontsize=style.SMALL_PT)
    for spare in range(len(weights), blocks * COLUMNS):
        block, column = divmod(spare, COLUMNS)
        for axes in grid[3 * block : 3 * block + 3, column]:
            axes.set_visible(False)

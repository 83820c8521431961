"""Weights W1 and W2 and their product for one network of each run, with the hidden units
sorted by preferred delay. Colours are relative to the 99th percentile of each matrix."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spikeloc.analysis.weight_structure import sorted_matrices
from spikeloc.plots import rasters, style
from spikeloc.plots.weight_image import draw_weights, largest

DRAWN_IF = "analysis"
DRAWN_FROM = {"weights": "runs/{runs}/weights.safetensors"}
FACTS = ("run_labels",)
SIZE_MM = (style.DOUBLE_MM, 190.0)
COLUMNS = 7
GAP = 1 / 6  # between two matrices, as a share of their width
YLABELS = ("W1", "W2 (sorted units)", "W1·W2")
IPDS = (-60, 0, 60)


def side_by_side(matrices: Sequence[NDArray[np.float64]]) -> tuple[NDArray[np.float64], list[int]]:
    """Matrices in one row with room for ``COLUMNS`` of them, each relative to its largest weights,
    and the first column of each. One heat map is drawn much faster than many."""
    rows, columns = (max(matrix.shape[axis] for matrix in matrices) for axis in (0, 1))
    step = columns + max(round(GAP * columns), 1)
    joined = np.full((rows, COLUMNS * step), np.nan)
    starts = [step * place for place in range(len(matrices))]
    for start, matrix in zip(starts, matrices, strict=True):
        joined[: matrix.shape[0], start : start + matrix.shape[1]] = matrix / largest(matrix)
    return joined, starts


def draw_row(
    axes: Axes, matrices: Sequence[NDArray[np.float64]], row: int, labels: Sequence[str]
) -> None:
    """Draw one matrix of each run. By ``row``: W1 (fibres, units), W2 (units, classes), or their
    product (fibres, classes)."""
    joined, starts = side_by_side(matrices)
    draw_weights(axes, joined, 1.0)
    axes.set_ylabel(YLABELS[row])
    if row != 1:
        rasters.fibre_axis(axes, len(joined), first=0.5)
    widths = [matrix.shape[1] for matrix in matrices]
    axes.tick_params(axis="x", length=0, pad=1)
    if row == 0:
        middles = [start + width / 2 for start, width in zip(starts, widths, strict=True)]
        axes.xaxis.tick_top()
        axes.set_xticks(middles, labels, fontsize=style.BODY_PT)
        axes.set_xlabel("sorted units", labelpad=1, fontsize=style.SMALL_PT)
    if row == 2:
        places = [
            start + (ipd + 90) / 180 * width
            for start, width in zip(starts, widths, strict=True)
            for ipd in IPDS
        ]
        names = [f"{ipd}".replace("-", "\N{MINUS SIGN}") for ipd in IPDS]
        axes.set_xticks(places, names * len(starts))
        axes.set_xlabel("IPD class (°)", fontsize=style.SMALL_PT)


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
    grid = figure.subplots(3 * blocks, 1, squeeze=False, height_ratios=(1.3, 1, 1.3) * blocks)
    for block in range(blocks):
        runs = list(weights)[COLUMNS * block : COLUMNS * (block + 1)]
        labels = [run_labels[run] for run in runs]
        networks = [sorted_matrices(weights[run]) for run in runs]
        for row, matrices in enumerate(zip(*networks, strict=True)):
            draw_row(grid[3 * block + row, 0], matrices, row, labels)
    bar = figure.colorbar(
        ScalarMappable(Normalize(-1, 1), style.WEIGHT_COLOURS), ax=grid, location="bottom",
        extend="both", shrink=0.4, aspect=40, ticks=[-1, 0, 1],
    )  # fmt: skip
    bar.set_label("Weight / 99th percentile of |weights| of its matrix")

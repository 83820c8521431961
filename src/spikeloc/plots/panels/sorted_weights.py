"""Weights from the fibres of both ears to hidden units (W1), from hidden units to classes (W2), and
their product, for single networks, with the hidden units sorted by preferred delay."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spikeloc.analysis.weight_structure import sorted_matrices
from spikeloc.plots import heat_map, rasters, style
from spikeloc.plots.weight_image import draw_weights, largest

DRAWN_FROM = {"weights": "runs/{runs}/weights.safetensors"}
OPTIONS: dict[str, list[str]] = {"runs": []}  # each experiment/condition/variant
NEEDS_HIDDEN_UNITS = True
FACTS = ("run_labels", "fibre_delays_deg")
SIZE_MM = (style.DOUBLE_MM, 105.0)
TITLES = ("W1", "W2", "W1·W2")
AXES = {
    "fibres": "Input fibre (delay {})",
    "units": "Hidden unit (sorted)",
    "ipd": "IPD class (°)",
}


def label_matrix(
    axes: Axes, column: int, shape: tuple[int, int], delays_deg: Sequence[float]
) -> None:
    """Label the axes of W1 (fibres, units), W2 (units, classes) or W1·W2, by ``column``;
    ``delays_deg``: smallest and largest of the fibres."""
    rows, columns = shape
    if column == 1:
        axes.set_yticks([0.5, rows - 0.5], ["1", f"{rows}"])
        axes.set_ylabel(AXES["units"])
    else:
        rasters.fibre_axis(axes, rows, first=0.5)
        axes.set_ylabel(AXES["fibres"].format(style.degree_range(delays_deg)))
    if column == 0:
        axes.set_xticks([0.5, columns - 0.5], ["1", f"{columns}"])
        axes.set_xlabel(AXES["units"])
    else:
        heat_map.ipd_cells(axes, "x", columns, AXES["ipd"], (-90, -45, 0, 45, 90))


def draw(
    figure: Figure,
    *,
    weights: Mapping[str, Mapping[str, NDArray[np.float64]]],
    run_labels: Mapping[str, str],
    fibre_delays_deg: Mapping[str, Sequence[float]],
) -> None:
    """Draw one network in each row. Each matrix has its own colour scale, symmetric about 0.

    weights: by run, `w1` (inputs, hidden) and `w2` (hidden, classes) with their signs;
    run_labels: label of each run; fibre_delays_deg: smallest and largest of each run.
    """
    grid = figure.subplots(len(weights), len(TITLES), squeeze=False, width_ratios=(1.4, 1, 1))
    for row, (run, network) in zip(grid, weights.items(), strict=True):
        for column, matrix in enumerate(sorted_matrices(network)):
            image = draw_weights(row[column], matrix, largest(matrix))
            row[column].spines[:].set_visible(True)
            label_matrix(row[column], column, matrix.shape, fibre_delays_deg[run])
            row[column].set_title(f"{run_labels[run]}: {TITLES[column]}")
            bar = figure.colorbar(image, ax=row[column], extend="both", aspect=30)
            bar.ax.set_title("weight", fontsize=style.SMALL_PT)

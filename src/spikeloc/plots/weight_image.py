"""Shared drawing of a matrix of weights."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from numpy.typing import NDArray

from spikeloc.plots import heat_map, style


def largest(matrix: NDArray[np.float64]) -> float:
    """The absolute weight at the ends of the colour scale of a matrix."""
    return float(np.percentile(np.abs(matrix), style.WEIGHT_PERCENTILE)) or 1.0


def draw_weights(axes: Axes, matrix: NDArray[np.float64], limit: float) -> QuadMesh:
    """Draw a matrix, one cell a weight (:func:`heat_map.draw_matrix`), with colours from ``-limit``
    to ``limit``."""
    return heat_map.draw_matrix(axes, matrix, vmin=-limit, vmax=limit, cmap=style.WEIGHT_COLOURS)

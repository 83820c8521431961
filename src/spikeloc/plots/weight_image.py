"""Shared drawing of a matrix of weights."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from spikeloc.plots import style


def draw_weights(
    axes: Axes, matrix: NDArray[np.float64], x: tuple[float, float], y: tuple[float, float]
) -> AxesImage:
    """Draw a matrix between the limits ``x`` and ``y``, one pixel a weight, with its own colour
    scale, symmetric about 0."""
    limit = np.percentile(np.abs(matrix), style.WEIGHT_PERCENTILE) or 1.0
    axes.spines[:].set_visible(True)
    return axes.imshow(
        matrix,
        origin="lower",
        aspect="auto",
        extent=(*x, *y),
        vmin=-limit,
        vmax=limit,
        cmap=style.WEIGHT_COLOURS,
        interpolation="none",
    )

"""What a panel has drawn."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection


def networks(axes: Axes) -> list[list[tuple[float, float]]]:
    """The places of the small marks of single networks, by strip: those of one x and colour."""
    strips = [each for each in axes.collections if isinstance(each, PathCollection)]
    return [[tuple(xy) for xy in np.asarray(strip.get_offsets()).tolist()] for strip in strips]

"""Parts of the drawing of a network: units, signs, connections and waves. Lengths are in mm."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from spikeloc.plots import style

ELLIPSIS_MM = 5.0
NODE_PT = 9.0


def heights(low: float, high: float, shown: int, total: int) -> NDArray[np.float64]:
    """The heights of the `shown` of `total` units, from the top down, with a gap above the last."""
    if shown >= total:
        return np.linspace(high, low, total)
    step = (high - low - ELLIPSIS_MM) / (shown - 1)
    return np.append(high - step * np.arange(shown - 1), low)


def inhibitory(count: int, fraction: float) -> NDArray[np.bool_]:
    """Whether each of the `count` drawn units is inhibitory, spread evenly over the units."""
    whole: NDArray[np.float64] = np.floor(np.arange(count + 1) * fraction)
    return np.diff(whole) > 0


def connect(
    axes: Axes, start: NDArray[np.float64], end: NDArray[np.float64], negative: NDArray[np.bool_]
) -> None:
    """Draw a line from every start to every end, both (n, 2), in the colour of the start's sign."""
    lines = [[one, other] for one in start for other in end]
    colours = np.repeat(sign_colours(negative), len(end))
    axes.add_collection(LineCollection(lines, colors=colours, linewidths=0.35, alpha=0.6, zorder=1))


def sign_colours(negative: NDArray[np.bool_]) -> NDArray[np.str_]:
    """The colour of each unit's sign."""
    return np.where(negative, style.SIGNS["inhibitory"], style.SIGNS["excitatory"])


def draw_nodes(axes: Axes, points: NDArray[np.float64], negative: NDArray[np.bool_]) -> None:
    """Draw units as discs with their signs on them."""
    signs = np.where(negative, "\N{MINUS SIGN}", "+")
    for (x, y), colour, sign in zip(points, sign_colours(negative), signs, strict=True):
        axes.plot(x, y, "o", color=colour, markersize=NODE_PT, markeredgewidth=0)
        axes.text(
            x,
            y,
            sign,
            color="white",
            ha="center",
            va="center_baseline",
            fontsize=style.BODY_PT,
            fontweight="bold",
        )


def draw_ellipsis(axes: Axes, x: float, points: NDArray[np.float64]) -> None:
    """Draw the three dots between the last two of the shown units."""
    middle = points[-2:, 1].mean()
    axes.plot(
        [x] * 3,
        middle + np.array([-1.2, 0, 1.2]),
        "o",
        color=style.GREY,
        markersize=1.3,
        markeredgewidth=0,
    )


def draw_wave(
    axes: Axes,
    x: float,
    y: float,
    phase: float,
    colour: str,
    *,
    power: float,
    periods: float,
    size: tuple[float, float],
) -> None:
    """Draw some periods of (½ (1 + sin))^power around (x, y), `size` in mm."""
    turns = np.linspace(0, periods, 101)
    rate = (0.5 * (1 + np.sin(2 * np.pi * turns + phase))) ** power
    axes.plot(
        x + size[0] * (turns / periods - 0.5),
        y + size[1] * (rate - 0.5),
        color=colour,
        linewidth=1.0,
    )

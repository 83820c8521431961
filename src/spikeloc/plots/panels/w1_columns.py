"""Input weights of each hidden unit of one network against the phase delay of the fibre, for the
left and the right ear."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from spikeloc.analysis.weight_structure import sort_hidden_units
from spikeloc.plots import style

DRAWN_FROM = {"weights": "runs/{run}/weights.safetensors"}
OPTIONS = {"run": ""}  # experiment/condition/variant of the network
NEEDS_HIDDEN_UNITS = True
FACTS = ("fibre_delays_deg",)
SIZE_MM = (style.DOUBLE_MM, 125.0)
COLUMNS = 6


def draw_unit(axes: Axes, column: NDArray[np.float64], x: NDArray[np.float64]) -> None:
    """Draw one column (2N,) of W1: the weights of the fibres of the left and the right ear, which
    are at ``x`` (N,)."""
    axes.axhline(0, color=style.GREY, linewidth=0.5)
    for ear, colour in zip(np.split(column, 2), style.EARS.values(), strict=True):
        axes.plot(x, ear, color=colour, linewidth=0.7)


def draw(
    figure: Figure,
    *,
    weights: Mapping[str, Mapping[str, NDArray[np.float64]]],
    fibre_delays_deg: Mapping[str, Sequence[float]],
) -> None:
    """Draw each hidden unit of one network, numbered in the order of the panel `sorted_weights`.

    weights: `w1` (inputs, hidden) of a single run; fibre_delays_deg: its smallest and largest. If
    these are equal, the fibres are told apart by number.
    """
    (network,), ((first, last),) = weights.values(), fibre_delays_deg.values()
    w1 = network["w1"][:, sort_hidden_units(network["w1"])]
    units, fibres = w1.shape[1], len(w1) // 2
    x, limits, xlabel = np.linspace(first, last, fibres), (first, last), "Phase delay (°)"
    if first == last:
        x, limits = np.arange(1.0, fibres + 1), (0.5, fibres + 0.5)
        xlabel = f"Fibre (phase delay {style.degrees(first)})"
    rows = math.ceil(units / COLUMNS)
    grid = figure.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False)
    for unit, axes in enumerate(grid.flat):
        axes.set_visible(unit < units)
        if unit < units:
            draw_unit(axes, w1[:, unit], x)
            axes.set_title(f"unit {unit + 1}", fontsize=style.SMALL_PT, pad=1.5)
    grid[0, 0].set(xlim=limits, xticks=np.linspace(*limits, 3) if first < last else (1, fibres))
    figure.supxlabel(xlabel, fontsize=style.BODY_PT)
    figure.supylabel("Weight (threshold = 1)", fontsize=style.BODY_PT)
    handles = [Line2D([], [], color=c, label=f"{ear} ear") for ear, c in style.EARS.items()]
    style.legend_above(figure, handles, columns=2)

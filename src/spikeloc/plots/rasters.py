"""Shared drawing of spikes as dots, and of the axis of input fibres."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from spikeloc.plots import style


def fibre_axis(axes: Axes, inputs: int, first: float = 0.0) -> None:
    """Label the y axis for input fibres: left ear below, right ear above, each named at its middle.

    Fibre j is drawn at y = ``first`` + j. Within an ear, the phase delay grows upwards.
    """
    per_ear = inputs // 2
    low = first - 0.5
    axes.set_ylim(low, low + inputs)
    middles = low + (np.arange(2) + 0.5) * per_ear
    axes.set_yticks(middles, list(style.EARS), rotation=90, va="center")
    axes.tick_params(axis="y", length=0)
    for tick, colour in zip(axes.get_yticklabels(), style.EARS.values(), strict=True):
        tick.set_color(colour)
    axes.axhline(low + per_ear, color=style.GREY, linewidth=0.5)


def raster(
    axes: Axes,
    spikes: NDArray[np.uint8],
    time_step_ms: float,
    colour: str,
    *,
    first: int,
    dot_pt: float,
) -> None:
    """Draw spikes (steps, units) as dots `dot_pt` wide, unit u at y = first + u over time in ms.

    The dots are rasterised, because thousands of vector marks would make a file of megabytes.
    """
    steps, units = np.nonzero(spikes)
    axes.plot(
        (steps + 0.5) * time_step_ms,
        units + first,
        ".",
        color=colour,
        markersize=dot_pt,
        markeredgewidth=0,
        rasterized=True,
    )
    axes.set_xlim(0, len(spikes) * time_step_ms)


def input_raster(axes: Axes, spikes: NDArray[np.uint8], time_step_ms: float) -> None:
    """Draw the spikes (steps, 2N) of the fibres of both ears, each ear in its own colour."""
    inputs = spikes.shape[1]
    per_ear = inputs // 2
    for first, colour in zip((0, per_ear), style.EARS.values(), strict=True):
        raster(
            axes, spikes[:, first : first + per_ear], time_step_ms, colour, first=first, dot_pt=1.1
        )
    fibre_axis(axes, inputs)

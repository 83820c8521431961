"""One trial of one network, from input spikes through hidden spikes and output potentials to the
estimated class (thick line)."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spikeloc.plots import rasters, style
from spikeloc.stimulus.classes import class_midpoints_deg

DRAWN_FROM = {"arrays": "runs/{run}/example_trial.npz"}
OPTIONS = {"run": ""}  # experiment/condition/variant of the network
NEEDS_HIDDEN_UNITS = True
SIZE_MM = (style.DOUBLE_MM, 72.0)


def draw_classes(
    axes: Axes,
    values: NDArray[np.float64],
    time_ms: NDArray[np.floating],
    colours: ScalarMappable,
    estimated: int,
) -> None:
    """Draw values (steps, classes) over time, each class in its colour, the estimated one thick."""
    middles = class_midpoints_deg(values.shape[1])
    for index, (trace, middle) in enumerate(zip(values.T, middles, strict=True)):
        chosen = index == estimated
        axes.plot(
            time_ms,
            trace,
            color=colours.to_rgba(middle),
            linewidth=1.8 if chosen else 0.7,
            zorder=3 if chosen else 2,
        )
    axes.axhline(0, color=style.GREY, linewidth=0.5, zorder=1)


def draw(figure: Figure, *, arrays: Mapping[str, np.ndarray]) -> None:
    """Draw four axes with the same axis of time: spikes on the left, outputs on the right.

    arrays: `input_spikes` (steps, 2N), `hidden_spikes` (steps, hidden), `potentials` and
    `running_sums` (steps, classes), `time_step_ms`, `ipd_rad`, `true_class`, `estimated_class`.
    """
    time_step_ms = float(arrays["time_step_ms"])
    estimated = int(arrays["estimated_class"])
    steps, classes = arrays["potentials"].shape
    time_ms = np.arange(steps) * time_step_ms
    (inputs, potentials), (hidden, sums) = figure.subplots(2, 2, sharex=True)
    rasters.input_raster(inputs, arrays["input_spikes"], time_step_ms)
    inputs.set_ylabel("Input fibres")
    units = arrays["hidden_spikes"].shape[1]
    rasters.raster(hidden, arrays["hidden_spikes"], time_step_ms, style.INK, first=1, dot_pt=2.2)
    hidden.set(ylim=(0, units + 1), yticks=(1, units), ylabel="Hidden units")
    colours = style.class_colours(classes)
    draw_classes(potentials, arrays["potentials"], time_ms, colours, estimated)
    potentials.set_ylabel("Output\npotential")
    draw_classes(sums, arrays["running_sums"], time_ms, colours, estimated)
    sums.set_ylabel("Sum of output\npotential")
    for axes in (hidden, sums):
        axes.set_xlabel("Time (ms)")
    bar = figure.colorbar(colours, ax=[potentials, sums], aspect=40, ticks=np.arange(-90, 91, 45))
    bar.minorticks_off()
    bar.set_label("IPD class (°)")
    figure.align_ylabels()
    middles = class_midpoints_deg(classes)
    figure.suptitle(
        f"IPD {style.degrees(round(np.degrees(float(arrays['ipd_rad'])), 1))}, "
        f"class {style.degrees(middles[int(arrays['true_class'])])}, "
        f"estimated {style.degrees(middles[estimated])} (thick)",
        fontsize=style.BODY_PT,
    )

"""Spike trains of both ears' fibres. Samples in a column have the same interaural phase difference
(IPD), those in a row the same starting phase."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from spikeloc.plots import rasters, style

DRAWN_FROM = {"arrays": "runs/{run}/example_stimuli.npz"}
OPTIONS = {"run": ""}  # experiment/condition/variant whose stimulus is shown
FACTS = ("fibre_delays_deg",)
SIZE_MM = (style.DOUBLE_MM, 70.0)
ROWS, COLUMNS = 2, 4


def draw(
    figure: Figure,
    *,
    arrays: Mapping[str, np.ndarray],
    fibre_delays_deg: Mapping[str, Sequence[float]],
) -> None:
    """Draw eight samples in the order of their starting phases, and then of their IPDs.

    arrays: `spikes` (8, steps, 2N) of 0 and 1, `ipd_rad` and `phase_cycles` (8,), `time_step_ms`;
    fibre_delays_deg: of the only run, smallest and largest.
    """
    spikes = arrays["spikes"]
    time_step_ms = float(arrays["time_step_ms"])
    ipd_deg = np.degrees(arrays["ipd_rad"])
    phases = arrays["phase_cycles"]
    grid = figure.subplots(ROWS, COLUMNS, sharex=True)
    for index, sample in enumerate(np.lexsort((ipd_deg, phases))):
        axes = grid.flat[index]
        rasters.input_raster(axes, spikes[sample], time_step_ms)
        axes.tick_params(labelleft=index % COLUMNS == 0)
        axes.set_title(f"IPD {style.degrees(round(ipd_deg[sample]))}", loc="left")
        start = f"starts at {phases[sample]:g} cycles"
        axes.set_title(start, loc="right", fontsize=style.SMALL_PT)
    figure.supxlabel("Time (ms)", fontsize=style.BODY_PT)
    (ends,) = fibre_delays_deg.values()
    figure.supylabel(
        f"Fibres, phase delay {style.degree_range(ends)} upwards in each ear",
        fontsize=style.BODY_PT,
    )

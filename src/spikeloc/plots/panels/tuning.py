"""Tuning curves of hidden units, each from its fewest to its most spikes and sorted by kind and
centre (left), and of outputs (right; means over networks)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from numpy.typing import NDArray

from spikeloc.plots import style
from spikeloc.plots.by_run import of_run, runs_in
from spikeloc.plots.unit_kinds import COLOURS, NAMES
from spikeloc.stimulus.classes import class_midpoints_deg

DRAWN_IF = "analysis"
DRAWN_FROM = {
    "units": "tables/units.csv",
    "curves": "arrays/tuning.npz",
}
SIZE_MM = (style.DOUBLE_MM, 106.0)
SHOWN = 2  # runs of the first experiment


def relative(curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale each of the curves (units, ipds) to a range from 0 to 1; constant curves become 0."""
    low, high = curves.min(axis=1, keepdims=True), curves.max(axis=1, keepdims=True)
    return np.divide(curves - low, high - low, out=np.zeros(curves.shape), where=high > low)


def draw_hidden(axes: Axes, units: pd.DataFrame, curves: NDArray[np.float64]) -> AxesImage:
    """Draw each hidden unit that spiked as one row, sorted by kind and by centre of its Gaussian.

    units: rows of one layer of one run; curves: their curves (networks, units, ipds).
    """
    order = units.assign(rank=units["kind"].map({kind: i for i, kind in enumerate(COLOURS)}))
    order = order[order["kind"] != "silent"].sort_values(["rank", "centre_deg"], kind="stable")
    rows = relative(curves.reshape(-1, curves.shape[-1])[order.index])
    image = axes.imshow(
        rows,
        aspect="auto",
        extent=(-90, 90, max(len(rows), 1), 0),
        vmin=0,
        vmax=1,
        cmap=style.COUNT_COLOURS,
        interpolation="none",
    )
    style.ipd_axis(axes, "x", "IPD (°)")
    edges = np.cumsum([0, *order.groupby("rank").size()])
    for kind, first, last in zip(order["kind"].unique(), edges[:-1], edges[1:], strict=True):
        axes.plot([94, 94], [first, last], color=COLOURS[kind], linewidth=4, clip_on=False,
                  solid_capstyle="butt")  # fmt: skip
    axes.set_ylabel(f"{len(rows)} of {len(units)} hidden units")
    return image


def draw_output(axes: Axes, curves: NDArray[np.float64]) -> ScalarMappable:
    """Draw the curve of each output, mean over networks, in the colour of its class.

    curves: (networks, classes, ipds).
    """
    mean = curves.mean(axis=0)
    colours = style.class_colours(len(mean))
    ipd = (np.arange(mean.shape[1]) + 0.5) * (180 / mean.shape[1]) - 90
    for row, middle in zip(mean, class_midpoints_deg(len(mean)), strict=True):
        axes.plot(ipd, row, color=colours.to_rgba(middle), linewidth=0.9)
    style.ipd_axis(axes, "x", "IPD (°)")
    axes.set_ylabel("Summed potential (mean)")
    return colours


def draw(figure: Figure, *, units: pd.DataFrame, curves: Mapping[str, NDArray[np.float64]]) -> None:
    """Draw hidden units and outputs of two runs of the first experiment, one run a row.

    units: `results/tables/units.csv`; curves: (networks, units, ipds), by
    experiment/condition/variant/layer.
    """
    runs = runs_in(units, units["experiment"].iloc[0])[:SHOWN]
    grid = figure.subplots(len(runs), 2, squeeze=False)
    for (hidden, output), (_, run) in zip(grid, runs.iterrows(), strict=True):
        own = of_run(units, run)
        own = own[own["layer"] == "hidden"].reset_index(drop=True)
        path = f"{run['experiment']}/{run['condition']}/{run['variant']}"
        image = draw_hidden(hidden, own, curves[f"{path}/hidden"])
        colours = draw_output(output, curves[f"{path}/output"])
        hidden.set_title(run["label"])
        output.set_title(run["label"])
    for axes in grid[:-1].flat:
        axes.set_xlabel("")
    bar = figure.colorbar(image, ax=grid[:, 0], location="bottom", aspect=40, ticks=[0, 1])
    bar.ax.set_xticklabels(["fewest spikes", "most"])
    bar = figure.colorbar(
        colours, ax=grid[:, 1], location="bottom", aspect=40, ticks=np.arange(-90, 91, 45)
    )
    bar.minorticks_off()
    bar.set_label("Class of the output (°)")
    handles = [Patch(color=c, label=NAMES[kind]) for kind, c in COLOURS.items() if kind != "silent"]
    style.legend_above(figure, handles, columns=len(handles))

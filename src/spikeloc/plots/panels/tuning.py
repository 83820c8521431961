"""Tuning curves of hidden units and outputs, and the number of units in each condition whose curve
is a peak, a dip or of another kind."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from numpy.typing import NDArray

from spikeloc.plots import style
from spikeloc.plots.by_run import condition_axis, of_run, runs_in

DRAWN_IF = "analysis"
DRAWN_FROM = {
    "units": "tables/units.csv",
    "tuning": "tables/tuning.csv",
    "curves": "arrays/tuning.npz",
}
SIZE_MM = (style.DOUBLE_MM, 125.0)
SHOWN = 2  # runs of the first experiment
# Peaks and dips have the colours of the signs of weights.
KINDS = {
    "peak": style.SIGNS["excitatory"],
    "dip": style.SIGNS["inhibitory"],
    "flank": "#B2ABD2",
    "other": style.PALE,
    "silent": style.INK,
}
NAMES = {
    "peak": "peak",
    "dip": "dip",
    "flank": "one flank",
    "other": "no Gaussian",
    "silent": "silent",
}


def relative(curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale each of the curves (units, ipds) to a range from 0 to 1; constant curves become 0."""
    low, high = curves.min(axis=1, keepdims=True), curves.max(axis=1, keepdims=True)
    return np.divide(curves - low, high - low, out=np.zeros(curves.shape), where=high > low)


def draw_hidden(axes: Axes, units: pd.DataFrame, curves: NDArray[np.float64]) -> AxesImage:
    """Draw each hidden unit that spiked as one row, sorted by kind and by centre of its Gaussian.

    units: rows of one layer of one run; curves: their curves (networks, units, ipds).
    """
    order = units.assign(rank=units["kind"].map({kind: i for i, kind in enumerate(KINDS)}))
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
    style.ipd_axis(axes, "x", "")
    edges = np.cumsum([0, *order.groupby("rank").size()])
    for kind, first, last in zip(order["kind"].unique(), edges[:-1], edges[1:], strict=True):
        axes.plot([94, 94], [first, last], color=KINDS[kind], linewidth=4, clip_on=False,
                  solid_capstyle="butt")  # fmt: skip
    axes.set_ylabel(f"{len(rows)} of {len(units)} hidden units")
    return image


def draw_output(axes: Axes, curves: NDArray[np.float64]) -> None:
    """Draw the curve of each output, mean over networks, in the colour of its class.

    curves: (networks, classes, ipds).
    """
    mean = curves.mean(axis=0)
    colours = colormaps[style.CLASS_COLOURS](np.linspace(0, 1, len(mean)))
    ipd = (np.arange(mean.shape[1]) + 0.5) * (180 / mean.shape[1]) - 90
    for row, colour in zip(mean, colours, strict=True):
        axes.plot(ipd, row, color=colour, linewidth=0.9)
    style.ipd_axis(axes, "x", "IPD (°)")
    axes.set_ylabel("Summed potential (mean)")


def draw_kinds(axes: Axes, tuning: pd.DataFrame) -> None:
    """Draw the number of units of one layer by kind, one bar for each run."""
    runs = runs_in(tuning)
    for row, run in runs.iterrows():
        own = of_run(tuning, run).set_index("kind").loc[list(KINDS)]
        ends = own["units"].cumsum()
        axes.barh(
            row, own["units"], left=ends - own["units"], color=list(KINDS.values()), height=0.8
        )
    condition_axis(axes, runs)
    axes.set_xlim(0, tuning["of"].max())


def draw(
    figure: Figure,
    *,
    units: pd.DataFrame,
    tuning: pd.DataFrame,
    curves: Mapping[str, NDArray[np.float64]],
) -> None:
    """Draw hidden units above and outputs below, for two runs of the first experiment, and the
    counts of all runs.

    units: `results/tables/units.csv`; tuning: `tuning.csv`; curves: (networks, units, ipds), by
    experiment/condition/variant/layer.
    """
    runs = runs_in(units, units["experiment"].iloc[0])[:SHOWN]
    grid = figure.subplots(2, len(runs) + 1, squeeze=False, width_ratios=[1] * len(runs) + [1.2])
    for column, (_, run) in enumerate(runs.iterrows()):
        above, below = grid[:, column]
        own = of_run(units, run)
        hidden = own[own["layer"] == "hidden"].reset_index(drop=True)
        path = f"{run['experiment']}/{run['condition']}/{run['variant']}"
        kept = curves[f"{path}/hidden"], curves[f"{path}/output"]
        image = draw_hidden(above, hidden, kept[0])
        bar = figure.colorbar(image, ax=above, location="bottom", aspect=40, ticks=[0, 1])
        bar.ax.set_xticklabels(["fewest spikes", "most"])
        above.set_title(run["label"])
        draw_output(below, kept[1])
    for axes, layer in zip(grid[:, -1], ("hidden", "output"), strict=True):
        draw_kinds(axes, tuning[tuning["layer"] == layer])
        axes.set_xlabel({"hidden": "Hidden units", "output": "Outputs"}[layer])
    handles = [Patch(color=colour, label=NAMES[kind]) for kind, colour in KINDS.items()]
    style.legend_above(figure, handles, columns=len(handles))

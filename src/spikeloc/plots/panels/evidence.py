"""The phases of the stimulus cycle at which evidence for the class arrives, beside the Fisher
information of the input at each phase: means over seeds with 95 % intervals."""

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from spikeloc.plots import style
from spikeloc.plots.by_run import condition_axis, draw_means, of_run, runs_in

DRAWN_IF = "analysis"
DRAWN_FROM = {
    "evidence": "tables/evidence.csv",
    "trough": "tables/evidence_trough.csv",
}
SIZE_MM = (style.DOUBLE_MM, 70.0)
SHOWN = 2  # runs of the first experiment
CURVES: dict[str, dict[str, Any]] = {
    "information": {
        "color": style.GREY,
        "linestyle": "--",
        "label": "Fisher information of the input",
    },
    "evidence_spikes": {"color": style.OTHERS[0].colour, "label": "evidence, at its hidden spikes"},
    "evidence": {"color": style.OTHERS[1].colour, "label": "evidence, in the running logits"},
}
TROUGH: dict[str, Any] = {"color": style.PALE, "alpha": 0.5, "linewidth": 0}
MARKS = {"evidence_spikes": ("o", -0.15), "evidence": ("D", 0.15)}


def draw_run(axes: Axes, evidence: pd.DataFrame) -> None:
    """Draw the curves of one run with 95 % intervals; 1 is an even share over the cycle."""
    for first in (-180, 90):
        axes.axvspan(first, first + 90, zorder=0, **TROUGH)
    for name, line in CURVES.items():
        own = evidence[evidence["metric"] == name].sort_values("phase_deg")
        x = own["phase_deg"]
        axes.fill_between(
            x, own["ci95_low"], own["ci95_high"], color=line["color"],
            alpha=style.BAND_ALPHA, linewidth=0,
        )  # fmt: skip
        axes.plot(x, own["mean"], **line)
    axes.axhline(1, color=style.GREY, linewidth=0.6, linestyle=":")
    axes.set(xlim=(-180, 180), xticks=range(-180, 181, 90), xlabel="Phase from input peak (°)")


def draw(figure: Figure, *, evidence: pd.DataFrame, trough: pd.DataFrame) -> None:
    """Draw curves of two runs of the first experiment, and the share in the trough of every run.

    evidence: `results/tables/evidence.csv`; trough: `evidence_trough.csv`.
    """
    runs = runs_in(evidence, evidence["experiment"].iloc[0])[:SHOWN]
    *row, last = figure.subplots(1, len(runs) + 1)
    for axes, (_, run) in zip(row, runs.iterrows(), strict=True):
        draw_run(axes, of_run(evidence, run))
        axes.set_title(run["label"])
        axes.sharey(row[0])
    row[0].set_ylabel("Relative to an even share")
    for name, (marker, shift) in MARKS.items():
        marks = {"color": CURVES[name]["color"], "marker": marker}
        draw_means(last, trough, name, marks, shift)
    information = trough[trough["metric"] == "information"]["mean"]
    last.plot(information, range(len(information)), **{**CURVES["information"], "linewidth": 0.8})
    last.axvline(50, color=style.GREY, linewidth=0.6, linestyle=":")
    condition_axis(last, runs_in(trough))
    last.set_xlabel("In the trough's half (%)")
    handles: list[Artist] = [Line2D([], [], **line) for line in CURVES.values()]
    handles.append(Patch(label="the trough's half of the cycle", **TROUGH))
    style.legend_above(figure, handles, columns=len(handles))

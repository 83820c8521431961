"""Test accuracy after input spikes were jittered or shuffled in time, and from hidden spike counts
alone: means with 95 % intervals over seeds, and the ideal observer."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikeloc.plots import style, sweep
from spikeloc.plots.by_run import of_run, runs_in
from spikeloc.plots.ceiling import ceiling_handles, draw_ceiling

DRAWN_IF = "analysis"
DRAWN_FROM = {
    "timing": "tables/timing.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
}
FACTS = ("chance",)
SIZE_MM = (style.DOUBLE_MM, 62.0)
SHOWN = 2  # runs of the first experiment
# Controls beside the axis, since they have no jitter.
BESIDE = {"shuffle": "shuffled", "hidden_counts": "hidden\ncounts"}
STEP_MS = 2.0


def draw_run(axes: Axes, timing: pd.DataFrame) -> None:
    """Draw the mean and interval of one run against jitter, and the other controls beside it."""
    mark = style.VARIANTS[timing["variant"].iloc[0]]
    jitter = timing[timing["control"] == "jitter"].sort_values("jitter_ms")
    x = jitter["jitter_ms"]
    axes.fill_between(
        x, jitter["ci95_low"], jitter["ci95_high"], color=mark.colour,
        alpha=style.BAND_ALPHA, linewidth=0,
    )  # fmt: skip
    axes.plot(x, jitter["mean"], color=mark.colour, marker=mark.marker, markersize=3)
    ticks, names = list(x), [f"{value:g}" for value in x]
    for step, (control, name) in enumerate(BESIDE.items(), 1):
        own = timing[timing["control"] == control]
        at = x.max() + step * STEP_MS
        axes.vlines([at], own["ci95_low"], own["ci95_high"], color=mark.colour, linewidth=1.0)
        axes.plot([at], own["mean"], color=mark.colour, marker=mark.marker, markersize=3)
        ticks.append(at)
        names.append(name)
    axes.axvline(x.max() + STEP_MS / 2, color=style.GREY, linewidth=0.5)
    axes.set_xticks(ticks, names)
    axes.set_xlabel("Jitter of input spikes (sd, ms)", loc="left")


def draw(figure: Figure, *, timing: pd.DataFrame, ceiling: pd.DataFrame, chance: float) -> None:
    """Draw one axes for each of two runs of the first experiment.

    timing: `results/tables/timing.csv`; ceiling: `ceiling.csv` of that experiment, for unmoved
    spikes; chance: in percent.
    """
    runs = runs_in(timing, timing["experiment"].iloc[0])[:SHOWN]
    row = np.atleast_1d(figure.subplots(1, len(runs), sharey=True))
    for axes, (_, run) in zip(row, runs.iterrows(), strict=True):
        own = of_run(timing, run)
        draw_run(axes, own)
        best = ceiling[
            (ceiling["condition"] == run["condition"]) & (ceiling["variant"] == run["variant"])
        ]
        draw_ceiling(axes, best, "test_accuracy", {run["condition"]: axes.get_xlim()})
        sweep.accuracy_axis(axes, "test_accuracy", chance)
        axes.set_title(run["label"])
    for axes in row[1:]:
        axes.set_ylabel("")
    n = int(timing["n"].max())
    handles = [style.variant_handle(variant) for variant in style.variants_in(timing)]
    several = len(handles) > 1
    for handle in handles:
        which = f"{handle.get_label()}: " if several else ""
        handle.set_label(f"{which}mean over {n} seeds, with 95 % interval")
    observers = ceiling_handles(ceiling[ceiling["variant"].isin(timing["variant"])])
    style.legend_above(figure, [*handles, *observers, style.chance_handle()], columns=3)

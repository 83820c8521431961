"""Test accuracy of the hand-built localiser and of trained networks against the envelope power.
Small marks are single seeds; lines with bands are means with 95 % intervals; dotted lines are the
ideal observer. Printed values are left out: the panel of the sweep shows them if there are some."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import style, sweep
from spikeloc.plots.ceiling import ceiling_handles
from spikeloc.plots.strips import draw_networks

DRAWN_IF = "coincidence"
DRAWN_FROM = {
    "runs": "runs/{experiment}/runs.csv",
    "summary": "runs/{experiment}/summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
    "hand_built": "tables/coincidence.csv",
    "hand_built_summary": "tables/coincidence_summary.csv",
}
FACTS = ("chance",)
SIZE_MM = (style.DOUBLE_MM, 58.0)
METRIC = "test_accuracy"
MARK: dict[str, Any] = {"color": style.HAND_BUILT.colour, "marker": style.HAND_BUILT.marker}


def draw_hand_built(axes: Axes, scores: pd.DataFrame, summary: pd.DataFrame) -> None:
    """Draw the accuracy on the data of each seed, and the mean with its 95 % interval.

    scores, summary: one variant's rows of `coincidence.csv` and `coincidence_summary.csv`.
    """
    values = np.sort(scores["envelope_power"].unique())
    place_of = dict(zip(values, sweep.spread_positions(values)[0], strict=True))
    x = scores["envelope_power"].map(place_of) + sweep.DODGE  # beside the networks
    draw_networks(axes, x, scores["accuracy"], style.HAND_BUILT, sweep.SPREAD)
    mean = summary[summary["metric"] == "accuracy"].sort_values("envelope_power")
    x = mean["envelope_power"].map(place_of)
    band: dict[str, Any] = {"color": MARK["color"], "alpha": style.BAND_ALPHA, "linewidth": 0}
    axes.fill_between(x, mean["ci95_low"], mean["ci95_high"], zorder=2.5, **band)
    axes.plot(x, mean["mean"], markersize=3, zorder=3, **MARK)


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    ceiling: pd.DataFrame,
    hand_built: pd.DataFrame,
    hand_built_summary: pd.DataFrame,
    chance: float,
) -> None:
    """Draw one axes for each variant.

    runs, summary, ceiling: tables of the sweep of the envelope power; hand_built,
    hand_built_summary: as in `results/tables`; chance: in percent.
    """
    variants = style.variants_in(runs)
    row = figure.subplots(1, len(variants), squeeze=False)[0]
    for axes, variant in zip(row, variants, strict=True):
        tables = (runs, summary, ceiling, hand_built, hand_built_summary)
        own, own_summary, own_ceiling, own_scores, own_means = (
            table[table["variant"] == variant] for table in tables
        )
        sweep.draw_sweep(
            axes,
            runs=own,
            summary=own_summary,
            metric=METRIC,
            xlabel="Envelope power k",
            ceiling=own_ceiling,
        )
        draw_hand_built(axes, own_scores, own_means)
        sweep.accuracy_axis(axes, METRIC, chance)
        axes.set_title(variant)
    style.legend_above(figure, legend(variants, hand_built, ceiling), columns=4)


def legend(variants: list[str], hand_built: pd.DataFrame, ceiling: pd.DataFrame) -> list[Artist]:
    """The legend entries of both systems, of what they have in common, and of the ceiling."""
    trained = [style.variant_handle(variant) for variant in variants]
    for handle in trained:
        handle.set_label(f"trained, {handle.get_label()}")
    return [
        Line2D([], [], markersize=3, label="hand-built, nothing trained", **MARK),
        *trained,
        style.network_handle(f"one seed (n = {hand_built['seed'].nunique()})"),
        style.band_handle(),
        style.chance_handle(),
        *ceiling_handles(ceiling),
    ]

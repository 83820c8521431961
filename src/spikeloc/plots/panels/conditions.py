"""{metric} by condition. Small marks are single networks; large marks are means with 95 %
intervals over seeds{printed}{observer}."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots import conditions, style, sweep
from spikeloc.plots.ceiling import ceiling_of, draw_ceiling
from spikeloc.plots.metric_axis import metric_axis

DRAWN_FROM = {
    "runs": "runs/{experiment}/runs.csv",
    "summary": "runs/{experiment}/summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
    "printed": "tables/printed.csv",
}
OPTIONS = {
    "metric": "test_accuracy",
    "xlabel": "",
    "title": "",
    "zoom": False,  # limit the axis of accuracy to the range of the data
}
FACTS = ("chance",)
SIZE_MM = (style.SINGLE_MM, 68.0)


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    printed: pd.DataFrame,
    ceiling: pd.DataFrame,
    chance: float,
    metric: str,
    xlabel: str,
    title: str,
    zoom: bool,
) -> None:
    """Draw a metric by condition.

    ceiling: the ideal observer of each condition; chance: in percent.
    """
    axes = figure.add_subplot()
    printed = sweep.rows_of(printed, runs, metric)
    conditions.draw_conditions(axes, runs=runs, summary=summary, printed=printed, metric=metric)
    left, right = axes.get_xlim()
    edges = [left, *np.arange(0.5, runs["condition"].nunique() - 1), right]
    stretches = dict(zip(runs["condition"].unique(), itertools.pairwise(edges), strict=True))
    observed = ceiling_of(metric, ceiling)
    if observed is not None:
        draw_ceiling(axes, observed, metric, stretches)
    with_chance = metric_axis(
        axes, metric, chance, runs=runs, ceiling=ceiling, printed=printed, zoom=zoom
    )
    axes.set(xlabel=xlabel, title=title)
    means = [style.mark_handle(variant, variant) for variant in style.variants_in(runs)]
    handles = sweep.legend_handles(
        runs,
        printed,
        metric,
        means=means,
        interval=style.interval_handle(),
        ceiling=observed,
        with_chance=with_chance,
    )
    style.legend_above(figure, handles, columns=2)

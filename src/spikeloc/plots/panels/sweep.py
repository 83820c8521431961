"""{metric} against {parameter}. Small marks are single networks; lines with bands are means with
95 % intervals over seeds{printed}{observer}."""

import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots import style, sweep
from spikeloc.plots.ceiling import ceiling_of
from spikeloc.plots.metric_axis import metric_axis
from spikeloc.plots.parameter_labels import readable

DRAWN_FROM = {
    "runs": "runs/{experiment}/runs.csv",
    "summary": "runs/{experiment}/summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
    "printed": "tables/printed.csv",
}
OPTIONS = {
    "metric": "test_accuracy",
    "xlabel": "",  # if empty, made from the parameter's name
    "title": "",
    "zoom": False,  # limit the axis of accuracy to the range of the test data
}
OF_KIND = {"experiment": "sweep"}
FACTS = ("chance",)
SIZE_MM = (style.SINGLE_MM, 68.0)


def draw(
    figure: Figure,
    *,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    ceiling: pd.DataFrame,
    printed: pd.DataFrame,
    chance: float,
    metric: str,
    xlabel: str,
    title: str,
    zoom: bool,
) -> None:
    """Draw one metric of one experiment; chance: accuracy of guessing, in percent."""
    axes = figure.add_subplot()
    printed = sweep.rows_of(printed, runs, metric)
    observed = ceiling_of(metric, ceiling)
    sweep.draw_sweep(
        axes,
        runs=runs,
        summary=summary,
        printed=printed,
        metric=metric,
        xlabel=xlabel or readable(runs["parameter"].iloc[0]),
        ceiling=observed,
    )
    with_chance = metric_axis(
        axes, metric, chance, runs=runs, ceiling=ceiling, printed=printed, zoom=zoom
    )
    axes.set_title(title)
    sweep.add_legend(figure, runs, printed, metric, observed, with_chance)

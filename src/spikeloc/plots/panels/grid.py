"""{metric}, mean over seeds, against {parameter}. On a colour scale of test accuracy, the lines are
the ideal observer and chance{printed}."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots import style, sweep
from spikeloc.plots.heat_map import add_scale, colour_limits, draw_map
from spikeloc.plots.parameter_labels import readable

DRAWN_FROM = {
    "summary": "runs/{experiment}/summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
    "printed": "tables/printed.csv",
}
OPTIONS = {"metric": "test_accuracy", "title": ""}
OF_KIND = {"experiment": "grid"}
FACTS = ("places", "swept", "chance")
SIZE_MM = (style.SINGLE_MM, 72.0)


def draw(
    figure: Figure,
    *,
    summary: pd.DataFrame,
    ceiling: pd.DataFrame,
    printed: pd.DataFrame,
    places: Mapping[str, Sequence[float | str]],
    swept: Sequence[str],
    chance: float,
    metric: str,
    title: str,
) -> None:
    """Draw one map of a metric for each variant, with the means of printed values.

    places: the values of both parameters in each condition; swept: names of the parameters;
    chance: in percent.
    """
    variants = style.variants_in(summary)
    printed = sweep.rows_of(printed, summary, metric)
    limits = colour_limits(summary, printed, metric)
    row = figure.subplots(1, len(variants), sharey=True, squeeze=False)[0]
    for axes, variant in zip(row, variants, strict=True):
        own = summary[summary["variant"] == variant]
        theirs = printed[printed["variant"] == variant]
        mesh = draw_map(axes, own, places, metric, limits, theirs)
        axes.set(xlabel=readable(swept[0]), title=f"{title}, {variant}".removeprefix(", "))
    row[0].set_ylabel(readable(swept[1]))
    add_scale(figure, row[-1], mesh, ceiling[ceiling["variant"] == variants[-1]], chance, metric)

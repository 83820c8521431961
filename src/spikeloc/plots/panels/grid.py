"""Mean test accuracy (%) over seeds against {parameter}. The lines on the colour scale are the
ideal observer and chance."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots import style
from spikeloc.plots.heat_map import add_scale, draw_map
from spikeloc.plots.parameter_labels import readable

DRAWN_FROM = {
    "summary": "runs/{experiment}/summary.csv",
    "ceiling": "runs/{experiment}/ceiling.csv",
}
OPTIONS = {"title": ""}
OF_KIND = {"experiment": "grid"}
FACTS = ("places", "swept", "chance")
SIZE_MM = (style.SINGLE_MM, 72.0)


def draw(
    figure: Figure,
    *,
    summary: pd.DataFrame,
    ceiling: pd.DataFrame,
    places: Mapping[str, Sequence[float | str]],
    swept: Sequence[str],
    chance: float,
    title: str,
) -> None:
    """Draw one map for each variant.

    places: the values of both parameters in each condition; swept: names of the parameters;
    chance: in percent.
    """
    variants = style.variants_in(summary)
    row = figure.subplots(1, len(variants), sharey=True, squeeze=False)[0]
    for axes, variant in zip(row, variants, strict=True):
        own = summary[summary["variant"] == variant]
        mesh = draw_map(axes, own, places, "test_accuracy", (0, 100))
        axes.set(xlabel=readable(swept[0]), title=f"{title}, {variant}")
    row[0].set_ylabel(readable(swept[1]))
    add_scale(figure, row[-1], mesh, ceiling[ceiling["variant"] == variants[-1]], chance)

"""Test accuracy (%) of trained networks against {tested}, by condition. Small marks are single
networks; large marks, lines with bands where numbers were tested, are means with 95 % intervals."""

import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots import style, sweep
from spikeloc.plots.parameter_labels import readable

DRAWN_FROM = {
    "tests": "runs/{experiment}/tests.csv",
    "summary": "runs/{experiment}/tests_summary.csv",
}
OPTIONS = {
    "test": "",  # if empty, the first one of the experiment
    "conditions": [],  # if empty, all
}
FACTS = ("chance", "labels", "test")
SIZE_MM = (style.DOUBLE_MM, 66.0)
METRIC = "test_accuracy"


def placed(table: pd.DataFrame, test: str) -> pd.DataFrame:
    """The rows of one test; words, which are no numbers, get the numbers of their places."""
    own = table[table["test"] == test]
    if own["value"].notna().all():
        return own
    return own.assign(value=pd.factorize(own["tested"])[0].astype(float))


def draw(
    figure: Figure,
    *,
    tests: pd.DataFrame,
    summary: pd.DataFrame,
    chance: float,
    labels: dict[str, str],
    test: str,
) -> None:
    """Draw one axes for each condition.

    tests: `tests.csv` of the experiment; summary: `tests_summary.csv` of the experiment; labels: of
    the conditions; chance: in percent.
    """
    words = tests["tested"][(tests["test"] == test) & tests["value"].isna()].unique()
    summary = summary[summary["experiment"].isin(tests["experiment"])]
    tests, summary = placed(tests, test), placed(summary, test)
    row = figure.subplots(1, len(labels), sharey=True, squeeze=False)[0]
    for axes, (condition, label) in zip(row, labels.items(), strict=True):
        axes.set_title(label)
        sweep.accuracy_axis(axes, METRIC, chance)
        own = tests[tests["condition"] == condition]
        if own.empty:  # all its networks diverged
            continue
        xlabel = readable(own["parameter"].iloc[0].split(".")[-1])
        sweep.draw_sweep(
            axes, runs=own, summary=summary, metric=METRIC, xlabel=xlabel, joined=not len(words)
        )
        if len(words):
            axes.set_xticks(range(len(words)), [word.replace("_", " ") for word in words])
    for axes in row[1:]:
        axes.set_ylabel("")
    named = style.mark_handle if len(words) else style.variant_handle
    once = tests[tests["value"] == tests["value"].min()]
    handles = [
        *(named(variant) for variant in style.variants_in(tests)),
        sweep.network_handle(once, METRIC),
        style.interval_handle() if len(words) else style.band_handle(),
        style.chance_handle(),
    ]
    style.legend_above(figure, handles, columns=len(handles))

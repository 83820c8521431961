"""The panel of classifiers and regressions: bounds at their heights, a mark a network."""

import math

import numpy as np
import pandas as pd
import pytest
from drawn import networks
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikeloc.metrics import declared
from spikeloc.plots.panels import regression
from spikeloc.statistics.summaries import summary_table

OBSERVER = {"abs_error_deg": 3.9, "angle_error_deg": 1.2, "crb_deg": 1.5, "class_error_deg": 0.9}


def panel() -> Figure:
    about = {"experiment": "regression", "parameter": "", "value": math.nan, "variant": "corrected"}
    measured = {"diverged": False} | dict.fromkeys(declared.metric_names(), 1.0)
    runs = pd.DataFrame(
        [
            about | measured | {
                "condition": name, "label": name, "seed": seed, "network": 1,
                "test_abs_error_deg": 4.0 + place + seed, "test_class_error_deg": 2.0 + seed,
            }
            for place, name in enumerate(("classes", "angle"))
            for seed in (0, 1)
        ]
    )  # fmt: skip
    ceiling = pd.DataFrame([about | OBSERVER] * 2)
    figure = Figure()
    regression.draw(figure, runs=runs, summary=summary_table(runs), ceiling=ceiling)
    return figure


def heights(axes: Axes) -> list[list[float]]:
    return [np.asarray(line.get_ydata()).tolist() for line in axes.lines]


def errors(axes: Axes) -> list[list[float]]:
    return [[error for _, error in strip] for strip in networks(axes)]


def test_every_network_is_drawn_with_its_error() -> None:
    left, right = panel().axes
    assert errors(left) == [[4.0, 5.0], [5.0, 6.0]]
    assert errors(right) == [[2.0, 3.0]] * 2
    assert [4.5] in heights(left) and [5.5] in heights(left)  # medians
    for axes in (left, right):
        assert [text.get_text() for text in axes.get_xticklabels()] == ["classes", "angle"]
        assert axes.get_yscale() == "log"


def test_bounds_stand_where_they_should() -> None:
    left, right = panel().axes
    bound = math.sqrt(2 / math.pi) * 1.5
    levels = [line[0] for line in heights(left) if len(line) == 2 and line[0] == line[1]]
    assert levels == pytest.approx([3.9, 1.2, bound])
    assert [0.9, 0.9] in heights(right)

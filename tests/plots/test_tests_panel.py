"""The panel of tests of trained networks: what its marks show, and which tests it has."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from configs import paper, put
from drawn import networks
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikeloc.config.loading import check_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.metrics.declared import ON_TEST_DATA
from spikeloc.plots.catalogue import panels
from spikeloc.plots.panels.tests import draw
from spikeloc.statistics.summaries import tests_table as summarised

POWER: tuple[str, list[Any]] = ("stimulus.envelope_power", [0, 1, 2])
PHASE: tuple[str, list[Any]] = ("stimulus.phase", ["per_sample", "per_dataset"])


def rows(test: str, varied: tuple[str, list[Any]], condition: str, *scores: Any) -> pd.DataFrame:
    """A condition's two networks with each value of a test."""
    made = [
        dict.fromkeys(ON_TEST_DATA, 1.0) | {
            "experiment": "e", "condition": condition, "label": condition, "variant": "corrected",
            "test": test, "parameter": varied[0], "tested": str(value),
            "value": np.nan if isinstance(value, str) else float(value),
            "seed": seed, "network": 1, "test_accuracy": float(score),
        }
        for value, pair in zip(varied[1], scores, strict=True)
        for seed, score in enumerate(pair)
    ]  # fmt: skip
    return pd.DataFrame(made)


def drawn(tests: pd.DataFrame, test: str, *conditions: str) -> Figure:
    figure, labels = Figure(), {name: name.upper() for name in conditions}
    other = tests.assign(experiment="other", test_accuracy=0.0)  # of which nothing is shown
    summary = summarised(pd.concat([other, tests]))
    draw(figure, tests=tests, summary=summary, chance=25.0, labels=labels, test=test)
    return figure


def lines(axes: Axes) -> list[list[float]]:
    return [np.asarray(line.get_ydata(), dtype=float).tolist() for line in axes.lines]


def accuracies(axes: Axes) -> list[list[float]]:
    return [[accuracy for _, accuracy in strip] for strip in networks(axes)]


def test_marks_are_networks_and_their_means_in_each_condition() -> None:
    tests = pd.concat(
        [
            rows("power", POWER, "a", (10, 20), (30, 50), (60, 80)),
            rows("phase", PHASE, "a", (1, 2), (3, 4)),
            rows("power", POWER, "b", (15, 15), (35, 45), (90, 70)),
        ]
    )
    figure = drawn(tests, "power", "a", "b")
    left, right = figure.axes
    assert accuracies(left) == [[10, 20], [30, 50], [60, 80]] and [15, 40, 70] in lines(left)
    assert accuracies(right) == [[15, 15], [35, 45], [90, 70]] and [15, 40, 80] in lines(right)
    assert (left.get_title(), right.get_title()) == ("A", "B")
    assert left.get_xlabel() == "Envelope power" and left.get_ylabel() == "Test accuracy (%)"
    (legend,) = figure.legends
    said = [text.get_text() for text in legend.get_texts()]
    assert said == ["corrected", "one network (of 2)", "95 % interval of the mean", "chance"]


def test_words_stand_side_by_side_in_their_order() -> None:
    tests = rows("phase", PHASE, "a", (10, 20), (30, 50))
    (axes,) = drawn(tests, "phase", "a").axes
    assert [15, 40] in lines(axes)
    assert [text.get_text() for text in axes.get_xticklabels()] == ["per sample", "per dataset"]
    (means,) = [line for line in axes.lines if np.asarray(line.get_ydata()).tolist() == [15, 40]]
    assert means.get_linestyle() == "None"  # between words there is nothing


def test_a_condition_without_networks_stays_empty() -> None:
    tests = rows("power", POWER, "a", (10, 20), (30, 50), (60, 80))
    left, right = drawn(tests, "power", "a", "diverged").axes
    assert len(lines(left)) > len(lines(right)) == 1  # chance


def with_panel(tests: dict[str, Any] | None, **options: Any) -> Plan:
    content = put(paper(), "experiments.dale_ratio.panel", {"x": {"kind": "tests"} | options})
    if tests:
        put(content, "experiments.dale_ratio.tests", tests)
    return Plan(check_config(content))


TESTS = {
    "power": {"vary": "stimulus.envelope_power", "values": [0, 2]},
    "noise": {"vary": "weight_noise_sd", "values": [0, 0.2]},
}


def test_the_first_test_is_drawn_unless_another_is_named() -> None:
    first, second = (panels(with_panel(TESTS, **each))["x"] for each in ({}, {"test": "noise"}))
    assert (first.settings["test"], second.settings["test"]) == ("power", "noise")
    assert "against envelope power, by condition" in first.caption
    assert "against noise on weights (relative sd), by condition" in second.caption
    assert first.inputs["tests"] == "results/runs/dale_ratio/tests.csv"


@pytest.mark.parametrize(
    ("tests", "options", "message"),
    [
        (None, {}, "'dale_ratio' has no tests"),
        (TESTS, {"test": "nois"}, "'dale_ratio' has no test 'nois'; did you mean 'noise'?"),
        (TESTS, {"conditions": ["none"]}, "'none' is not a condition of 'dale_ratio'"),
    ],
)
def test_what_cannot_be_drawn_is_named(
    tests: dict[str, Any] | None, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        panels(with_panel(tests, **options))

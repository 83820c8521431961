"""The panels of the hand-built localiser: what is drawn, of which rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import networks
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikeloc.plots import style
from spikeloc.plots.panels import coincidence_accuracy, coincidence_tuning
from spikeloc.plots.panels.coincidence_tuning import powers_shown

POWERS = [0.0, 2.0, 10.0]
HEIGHTS = {"published": [8.0, 50.0, 70.0], "corrected": [9.0, 40.0, 60.0]}


def accuracy_inputs(variants: list[str]) -> dict[str, Any]:
    """Tables in which networks are 5 points above the hand-built localiser."""
    base = pd.DataFrame(
        [
            {"experiment": "e", "condition": f"c{power:g}", "label": f"{power:g}", "value": power,
             "parameter": "envelope_power", "variant": variant, "height": height}
            for variant in variants
            for power, height in zip(POWERS, HEIGHTS[variant], strict=True)
        ]
    )  # fmt: skip
    runs = pd.concat([base.assign(seed=s, test_accuracy=base["height"] + 5) for s in (1, 2)])
    ends = {"ci95_low": base["height"] - 1, "ci95_high": base["height"] + 1}
    summary = base.assign(metric="test_accuracy", mean=base["height"] + 5, **ends)
    ceiling = base.assign(phase_known=base["variant"] == "published", accuracy=base["height"] + 20)
    ceiling = ceiling.assign(accuracy_low=ceiling["accuracy"], accuracy_high=ceiling["accuracy"])
    by_power = base.rename(columns={"value": "envelope_power"})
    scored = pd.concat([by_power.assign(seed=s, accuracy=base["height"] + s) for s in (1, 2)])
    means = by_power.assign(metric="accuracy", mean=base["height"], **ends)
    return {
        "runs": runs,
        "summary": summary,
        "ceiling": ceiling,
        "hand_built": scored,
        "hand_built_summary": pd.concat([means, means.assign(metric="abs_error_deg", mean=3.0)]),
        "chance": 8.3,
    }


def hand_built_lines(axes: Axes) -> list[list[float]]:
    """Heights of what is drawn with the mark of the hand-built localiser."""
    return [
        np.asarray(line.get_ydata()).tolist()
        for line in axes.lines
        if line.get_marker() == style.HAND_BUILT.marker
    ]


def test_each_variant_has_axes_with_networks_and_localiser() -> None:
    figure = Figure()
    coincidence_accuracy.draw(figure, **accuracy_inputs(["corrected", "published"]))
    assert [axes.get_title() for axes in figure.axes] == ["published", "corrected"]
    for axes in figure.axes:
        heights = HEIGHTS[axes.get_title()]
        assert hand_built_lines(axes) == [heights]
        seeds = [[height for _, height in strip] for strip in networks(axes)]
        trained = [[height + 5] * 2 for height in heights]
        assert seeds == [*trained, *([height + 1, height + 2] for height in heights)]
        lines = [np.asarray(line.get_ydata()).tolist() for line in axes.lines]
        for above in (5, 20):  # means of networks, ideal observer
            assert [height + above for height in heights] in lines
        assert axes.get_ylim() == (0, 100)
    (legend,) = figure.legends
    labels = [text.get_text() for text in legend.get_texts()]
    assert {"trained, published", "trained, corrected", "one seed (n = 2)"} <= set(labels)
    assert "ideal observer, phase known" in labels


def test_one_variant_has_one_axes() -> None:
    figure = Figure()
    coincidence_accuracy.draw(figure, **accuracy_inputs(["corrected"]))
    (axes,) = figure.axes
    assert hand_built_lines(axes) == [HEIGHTS["corrected"]]


@pytest.mark.parametrize(
    ("powers", "from_power", "shown"),
    [
        ([0, 1, 2, 3, 4, 5, 10, 30, 40, 50, 100], 2, [2, 10, 100]),
        ([10, 0, 2], 2, [2, 10]),
        ([0], 2, [0]),
        ([0, 1], 2, [0, 1]),
    ],
)
def test_a_few_powers_are_shown(powers: list[float], from_power: float, shown: Any) -> None:
    assert powers_shown(np.array(powers, dtype=float), from_power) == shown


def test_a_curve_is_a_bank_of_the_variant() -> None:
    curves = np.arange(2 * 2 * 3 * 4, dtype=float).reshape(2, 2, 3, 4)
    curves[1, 1, 0, 2] = np.nan  # an empty bin
    arrays = {
        "envelope_power": np.array([9.0, 2.0]),
        "variant": np.array(["published", "corrected"]),
        "edges_deg": np.linspace(-90, 90, 5),
        "spikes_per_pair": curves,
    }
    figure = Figure()
    coincidence_tuning.draw(
        figure, arrays=arrays, envelope_power=2.0, variant_of_localiser="corrected"
    )
    low, high, _ = figure.axes
    assert [axes.get_title()[-5:] for axes in (low, high)] == ["k = 2", "k = 9"]
    for axes, place in ((low, 1), (high, 0)):
        drawn = np.array([line.get_ydata() for line in axes.lines])
        np.testing.assert_array_equal(drawn, curves[place, 1])
        assert np.asarray(axes.lines[0].get_xdata()).tolist() == [-67.5, -22.5, 22.5, 67.5]

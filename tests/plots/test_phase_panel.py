"""The panel of the starting phase: what its lines show."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikeloc.analysis.phase_variance import phase_curve_table
from spikeloc.plots.panels.phase_effect import draw, round_the_cycle


def test_a_cycle_is_closed_where_it_begins() -> None:
    offsets, values = np.array([0, 0.25, 0.5, 0.75]), np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
    x, y = round_the_cycle(offsets, values, -0.5)
    assert x.tolist() == [-0.5, -0.25, 0, 0.25, 0.5]
    assert y.tolist() == [[3, 4, 1, 2, 3], [7, 8, 5, 6, 7]]
    x, y = round_the_cycle(offsets, values, 0.0)
    assert x.tolist() == [0, 0.25, 0.5, 0.75, 1] and y[0].tolist() == [1, 2, 3, 4, 1]


def rows(condition: str, variant: str, training: float, accuracy: list[list[float]]) -> Any:
    """A run of several networks of seed 1, tested at two offsets."""
    count = len(accuracy)
    about = {"experiment": "e", "condition": condition, "label": condition, "variant": variant}
    table = pd.DataFrame({**about, "seed": [1] * 2 * count, "offset_cycles": [0, 0.5] * count})
    scores = np.ravel(accuracy)
    return table.assign(
        training_phase_cycles=training, accuracy=scores, class_error_deg=scores, samples=10
    )


def heights(axes: Axes) -> list[list[float]]:
    """Of the lines that are as long as a cycle has points."""
    lines = [np.asarray(line.get_ydata()).tolist() for line in axes.lines]
    return [line for line in lines if len(line) == 3]


def test_lines_are_networks_and_their_mean_against_the_phase_from_that_of_training() -> None:
    effect = pd.concat(
        [
            rows("a", "published", 0.3, [[80, 40], [60, 20]]),
            rows("b", "published", 0.3, [[90, 50]]),
            rows("a", "corrected", np.nan, [[70, 60]]),
        ]
    )
    ceiling = pd.DataFrame(
        {
            "condition": ["a", "b", "a"],
            "variant": ["published", "published", "corrected"],
            "phase_known": [True, True, False],
            "accuracy": [95.0, 94.0, 93.0],
            "accuracy_low": 90.0,
            "accuracy_high": 97.0,
        }
    )
    figure = Figure()
    draw(figure, effect=effect, curve=phase_curve_table(effect), ceiling=ceiling, chance=25.0)
    (one, two), (below, none) = np.reshape(np.array(figure.axes, dtype=object), (2, 2))
    assert heights(one) == [[40, 80, 40], [20, 60, 20], [30, 70, 30]]
    assert heights(two) == [[50, 90, 50]] * 2
    assert heights(below) == [[70, 60, 70]] * 2
    for axes, accuracy in ((one, 95), (two, 94), (below, 93)):
        drawn = [np.asarray(line.get_ydata()).tolist() for line in axes.lines]
        assert drawn.count([accuracy] * 2) == 1  # the observer, from end to end
    assert one.get_xlim() == pytest.approx((-0.5, 0.5)) and "minus" in one.get_xlabel()
    assert below.get_xlim() == pytest.approx((0, 1)) and "minus" not in below.get_xlabel()
    assert not none.axison  # b has no corrected networks

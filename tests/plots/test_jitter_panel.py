"""The panel of jitter: networks trained with it and without, and the ideal observer."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots.panels.jitter import draw


def means(condition: str, value: float, mean: float, **more: Any) -> dict[str, Any]:
    return {
        "experiment": "e", "condition": condition, "variant": "corrected", "value": value,
        "metric": "test_accuracy", "mean": mean, "ci95_low": mean - 1, "ci95_high": mean + 1,
    } | more  # fmt: skip


def test_lines_are_of_both_trainings_and_of_the_observer() -> None:
    summary = pd.DataFrame([means("b", 5.0, 70.0), means("a", 0.0, 80.0)])
    jitter, power = {"test": "jitter"}, {"test": "power"}
    tests = pd.DataFrame(
        [
            means("a", 0.0, 80.0, **jitter), means("a", 5.0, 60.0, **jitter),
            means("b", 0.0, 75.0, **jitter), means("a", 5.0, 10.0, **power),
        ]
    )  # fmt: skip
    scores = {"accuracy": [94.0, 90.0], "accuracy_low": [93.0, 89.0], "accuracy_high": [95.0, 91.0]}
    about = {"condition": ["a", "b"], "variant": "corrected", "phase_known": False}
    figure = Figure()
    draw(
        figure, summary=summary, tests=tests, ceiling=pd.DataFrame(about | scores), chance=10.0,
        test="jitter",
    )  # fmt: skip
    (axes,) = figure.axes
    drawn = [np.asarray(line.get_xydata()).tolist() for line in axes.lines]
    assert drawn[0] == [[0, 80], [5, 70]] and drawn[1] == [[0, 80], [5, 60]]
    assert [[0, 94], [5, 90]] in drawn
    (legend,) = figure.legends
    said = [text.get_text() for text in legend.get_texts()]
    assert said[:2] == ["trained with this jitter", "trained with 0 ms"]

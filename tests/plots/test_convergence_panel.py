"""The panel of convergence: means at their epochs, the reference the darkest."""

import numpy as np
import pandas as pd
import pytest
from drawn import networks
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from seeds import run_row

from spikeloc.plots import style
from spikeloc.plots.panels import convergence
from spikeloc.statistics.convergence import convergence_table

BUDGETS = {"short": 30, "long": 300}
ACCURACIES = {
    "a": {"short": [40, 50], "long": [60, 70]},
    "b": {"short": [70, 70], "long": [70, 71]},
}


def panel(observed: dict[str, float]) -> Figure:
    runs = pd.DataFrame(
        [
            run_row(condition, seed, value, variant=variant)
            for condition, by_variant in ACCURACIES.items()
            for variant, values in by_variant.items()
            for seed, value in enumerate(values, 1)
        ]
    )
    ceiling = pd.DataFrame(list(observed.items()), columns=["condition", "accuracy"])
    figure = Figure()
    convergence.draw(
        figure, runs=runs, convergence=convergence_table(runs, BUDGETS), ceiling=ceiling,
        comparisons=pd.DataFrame({"reference": ["b", "b"]}), chance=8.3, title="Placement",
    )  # fmt: skip
    return figure


def test_each_condition_is_a_line_over_the_epochs() -> None:
    figure = panel({"a": 93.0, "b": 93.0})
    (axes,) = figure.axes
    lines = {tuple(np.asarray(line.get_ydata()).tolist()): line for line in axes.lines}
    left, right = (np.asarray(lines[means].get_xdata()) for means in [(45, 65), (70, 70.5)])
    assert np.sqrt(left * right) == pytest.approx([30, 300])  # side by side around the number
    other, reference = (sum(to_rgb(lines[means].get_color())) for means in [(45, 65), (70, 70.5)])
    assert reference < other
    assert [[y for _, y in strip] for strip in networks(axes)][:2] == [[40, 50], [60, 70]]
    assert lines[93.0, 93.0].get_color() == style.INK and (8.3, 8.3) in lines
    assert axes.get_xscale() == "log" and axes.get_title() == "Placement"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["30", "300"]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()][:2] == ["label a", "label b"]


def test_observers_of_several_stimuli_have_the_colours_of_their_conditions() -> None:
    (axes,) = panel({"a": 93.0, "b": 80.0}).axes
    first = [(np.asarray(line.get_ydata()), line.get_color()) for line in axes.lines]
    colours = {float(y[0]): colour for y, colour in first if len(y)}
    assert colours[93.0] == colours[45.0] != colours[80.0] == colours[70.0]


def test_no_condition_has_the_colour_of_a_variant() -> None:
    names = [str(number) for number in range(8)]
    swept = convergence.marks_of(names, "3", swept=True)
    assert len({mark.colour for mark in swept.values()}) == 8
    marks = convergence.marks_of(names, "3")
    shared = {mark.colour for mark in swept.values()} & {mark.colour for mark in marks.values()}
    assert shared == {marks["3"].colour}
    colours = {mark.colour.lower() for mark in marks.values()}
    assert len(colours) == 8
    assert not colours & {mark.colour.lower() for mark in style.VARIANTS.values()}

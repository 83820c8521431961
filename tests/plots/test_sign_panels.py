"""The panels of ways of keeping signs and of where inhibition is needed: what they show."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from spikeloc.plots import fractions, heat_map
from spikeloc.plots.panels import grid, sign_grid, sign_learning, sign_methods

FRACTIONS = {"fifth": 0.2, "half": 0.5}
CEILING = pd.DataFrame([{"variant": "corrected", "accuracy": 94.0}])
PLACES = {"a": [0.0, 0.0], "b": [0.0, 1.0], "c": [0.5, 0.0], "d": [0.5, 1.0]}


def row(experiment: str, condition: str, **more: Any) -> dict[str, Any]:
    about = {"experiment": experiment, "condition": condition, "label": condition.upper()}
    return about | {"variant": "corrected"} | more


def mean(metric: str, value: float) -> dict[str, Any]:
    return {"metric": metric, "mean": value, "ci95_low": value - 1, "ci95_high": value + 1}


def accuracies(**values: float) -> pd.DataFrame:
    return pd.DataFrame([row("e", n, **mean("test_accuracy", v)) for n, v in values.items()])


def test_methods_stand_in_rows_and_fractions_beside_each_other() -> None:
    metrics: dict[str, float] = {"best_epoch": 20, "hidden_rate_hz": 90, "w1_dead_percent": 5}
    metrics |= {"w1_entropy_start": 0.9, "w1_entropy": 0.7}
    conditions = [("half", "free"), ("half", "abs"), ("fifth", "free"), ("fifth", "abs")]
    summary = [row(*each, **mean(m, v)) for each in conditions for m, v in metrics.items()]
    compared = [
        row(name, "abs", reference="free", p_holm=p, **mean("test_accuracy", value))
        for name, p, value in (("half", 0.001, -4), ("fifth", 0.5, -2))
    ]
    rates = [
        row(*each, learning_rate=rate, chosen=rate == 0.1)
        for each in conditions for rate in (0.1, 0.2)
    ]  # fmt: skip
    figure = Figure()
    sign_methods.draw(
        figure,
        summary=pd.DataFrame(summary),
        comparisons=pd.DataFrame(compared),
        learning_rates=pd.DataFrame(rates),
        fractions=FRACTIONS,
        reference_label="all free",
    )
    cost, _, rate, _, entropy, learning = figure.axes
    assert [label.get_text() for label in cost.get_yticklabels()] == ["FREE", "ABS"]
    assert cost.get_xlabel() == "Test accuracy − that of\nall free (points)"
    told, not_told, *_ = [line for line in cost.lines if line.get_linestyle() == "None"]
    half, fifth = fractions.MARKS[:2]
    assert np.asarray(told.get_xydata()).tolist() == [[-4, 0.84]]
    assert told.get_markerfacecolor() == half.colour and len(not_told.get_xdata()) == 0  # type: ignore[arg-type]
    hollow = cost.lines[3]
    assert np.asarray(hollow.get_xydata()).tolist() == [[-2, 1.16]]
    assert (hollow.get_markerfacecolor(), hollow.get_color()) == ("white", fifth.colour)
    assert np.asarray(rate.lines[0].get_xdata()).tolist() == [90, 90]
    assert [np.asarray(line.get_xdata()).tolist() for line in entropy.lines[:2]] == [
        [0.9, 0.9],
        [0.7, 0.7],
    ]
    assert np.asarray(learning.lines[1].get_xdata()).tolist() == [0.1, 0.1]
    assert [tick.get_text() for tick in learning.get_xticklabels()] == ["0.1", "0.2"]


def test_every_method_is_beside_the_mean_of_the_reference() -> None:
    rows = [
        row(name, condition, seed=seed, network=1, epoch=epoch, val_loss=loss + seed)
        for name in FRACTIONS
        for condition, loss in (("free", 0.0), ("abs", 2.0))
        for seed in (0, 1)
        for epoch in (0, 1)
    ]
    figure = Figure()
    names = {"reference": "free", "reference_label": "all free"}
    sign_learning.draw(figure, history=pd.DataFrame(rows), fractions=FRACTIONS, **names)
    (axes,) = figure.axes
    assert axes.get_title() == "ABS"
    thick = [line for line in axes.lines if line.get_linewidth() > 1]
    assert [np.asarray(line.get_ydata()).tolist() for line in thick] == [
        [0.5, 0.5],
        [2.5, 2.5],
        [2.5, 2.5],
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0, 0.2, 0.4], [-0.1, 0.1, 0.3, 0.5]), ([0, 1, 3], [-0.5, 0.5, 2, 4]), ([2], [1.5, 2.5])],
)
def test_cells_meet_half_way(values: list[float], expected: list[float]) -> None:
    assert heat_map.edges(values) == pytest.approx(expected)


def test_a_map_has_a_cell_a_pair_with_its_mean() -> None:
    axes = Figure().add_subplot()
    mesh = heat_map.draw_map(
        axes, accuracies(a=10, b=20, c=70, d=90), PLACES, "test_accuracy", (0, 100)
    )
    assert np.asarray(mesh.get_array()).tolist() == [[10, 70], [20, 90]]  # rows: the second one
    said = {text.get_position(): (text.get_text(), text.get_color()) for text in axes.texts}
    assert said[0.5, 1] == ("90", "#000000") and said[0, 1] == ("20", "white")


def test_words_stand_in_their_order_on_a_map() -> None:
    axes = Figure().add_subplot()
    places: Any = {"a": ["sigmoid", 5], "b": ["sigmoid", 2], "c": ["abs", 5], "d": ["abs", 2]}
    mesh = heat_map.draw_map(
        axes, accuracies(a=10, b=20, c=70, d=90), places, "test_accuracy", (0, 100)
    )
    assert np.asarray(mesh.get_array()).tolist() == [[20, 90], [10, 70]]  # rows: 2, 5
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["sigmoid", "abs"]
    assert [*axes.get_xticks(), *axes.get_yticks()] == [0, 1, 2, 5]


def test_the_grid_shows_placements_both_starts_and_the_observer() -> None:
    sweep = pd.DataFrame(
        [row("s", f"{x}", value=x, **mean("test_accuracy", 80 * x)) for x in (1.0, 0.5)]
    )
    figure = Figure()
    sign_grid.draw(
        figure,
        summary=accuracies(a=10, b=20, c=70, d=90),
        ceiling=CEILING,
        uniform=sweep,
        balanced=sweep[sweep["value"] < 1],
        places=PLACES,
        placements={"W1+": [0, 0.5], "W2+": [0.5, 0]},
        variant_of_grid="corrected",
        chance=8.3,
    )
    grid, diagonal, bar = figure.axes
    marked = [text for text in grid.texts if isinstance(text, Annotation)]
    assert [(text.get_text(), tuple(text.xy)) for text in marked] == [
        ("W1+", (0, 0.5)),
        ("W2+", (0.5, 0)),
    ]
    assert np.asarray(diagonal.lines[0].get_xydata()).tolist() == [[0.5, 40], [1, 80]]
    assert np.asarray(diagonal.lines[1].get_xydata()).tolist() == [[0.5, 40]]
    assert 94.0 in [np.asarray(line.get_ydata())[0] for line in bar.lines]


def printed(**values: float) -> pd.DataFrame:
    rows = [row("e", name, metric="epochs", printed=value) for name, value in values.items()]
    return pd.DataFrame(rows, columns=[*row("e", "a"), "metric", "printed"])


def test_a_grid_of_any_metric_has_its_printed_values() -> None:
    figure = Figure()
    grid.draw(
        figure,
        summary=accuracies(a=10, b=20, c=70, d=90).assign(metric="epochs"),
        ceiling=CEILING,
        printed=pd.concat([printed(b=30, d=4), printed(b=34)]),
        places=PLACES,
        swept=["tau_ms", "w2.inhibitory_fraction"],
        chance=8.3,
        metric="epochs",
        title="mine",
    )
    axes, bar = figure.axes
    _, diamonds = axes.collections
    assert np.asarray(diamonds.get_offsets()).tolist() == [[0, 1], [0.5, 1]]
    assert np.asarray(diamonds.get_array()).tolist() == [32, 4] and diamonds.get_clim() == (4, 90)
    assert bar.get_ylabel() == "Epochs" and not bar.texts
    assert "90.0" in [text.get_text() for text in axes.texts]


def test_any_grid_has_a_map() -> None:
    figure = Figure()
    grid.draw(
        figure,
        summary=accuracies(a=10, b=20, c=70, d=90),
        ceiling=CEILING,
        printed=printed(),
        metric="test_accuracy",
        places=PLACES,
        swept=["tau_ms", "w2.inhibitory_fraction"],
        chance=8.3,
        title="mine",
    )
    axes = figure.axes[0]
    assert axes.get_xlabel() == "Tau (ms)" and axes.get_title() == "mine, corrected"

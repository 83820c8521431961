"""The panels of ways of keeping signs and of where inhibition is needed: what they show."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import networks
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from spikeloc.metrics.declared import metric_names
from spikeloc.plots import fractions, heat_map, style
from spikeloc.plots.panels import differences, grid, sign_grid, sign_learning, sign_methods
from spikeloc.statistics.comparisons import comparison_table

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


def runs_of(**accuracies: tuple[float, float]) -> pd.DataFrame:
    """Two seeds of each condition of both experiments; seeds of `fifth` have one point less."""
    about = {"parameter": "", "value": np.nan, "recipe": "dale", "network": 1, "diverged": False}
    return pd.DataFrame(
        dict.fromkeys(metric_names(), 1.0)
        | row(name, condition, **about, seed=seed, test_accuracy=value - (name == "fifth"))
        for name in FRACTIONS for condition, pair in accuracies.items()
        for seed, value in enumerate(pair)
    )  # fmt: skip


def compared(runs: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Their comparisons, of which those of `half` are significant."""
    tables = [comparison_table(own, reference) for _, own in runs.groupby("experiment", sort=False)]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(p_holm=table["experiment"].map({"half": 0.001, "fifth": 0.5}))


def points(axes: Axes) -> list[list[float]]:
    """The large marks of an axes."""
    marks = [line for line in axes.lines if line.get_linestyle() == "None"]
    return [xy for line in marks for xy in np.asarray(line.get_xydata()).tolist()]


def test_methods_stand_sorted_and_fractions_beside_each_other() -> None:
    runs = runs_of(free=(90, 90), relu=(80, 82), abs=(87, 89))
    figure = Figure()
    sign_methods.draw(
        figure,
        runs=runs,
        comparisons=compared(runs, "free"),
        fractions=FRACTIONS,
        reference_label="all free",
    )
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["ABS", "RELU"]
    assert axes.get_xlabel() == "Test accuracy − that of all free (points)"
    beside = fractions.SHIFT / 4
    half, fifth = -0.16 + beside, 0.16 + beside
    assert points(axes) == pytest.approx(
        np.array([[-9, 1 + half], [-2, half], [-9, 1 + fifth], [-2, fifth]])
    )
    told, none, not_any, hollow = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert told.get_markerfacecolor() == style.OTHERS[0].colour
    assert hollow.get_markerfacecolor() == "white" and hollow.get_color() == style.OTHERS[1].colour
    assert len(none.get_xdata()) == len(not_any.get_xdata()) == 0  # type: ignore[arg-type]
    assert sorted(x for strip in networks(axes) for x, _ in strip) == [
        -10,
        -10,
        -8,
        -8,
        -3,
        -3,
        -1,
        -1,
    ]


def test_differences_are_those_within_seeds() -> None:
    sweep = runs_of(zero=(50, 54), half=(80, 82), one=(10, 10))
    sweep["value"] = sweep["condition"].map({"zero": 0.0, "half": 0.5, "one": 1.0})
    placed = runs_of(both=(70, 70), free=(60, 63))
    placed = placed[placed["experiment"] == "half"].assign(experiment="placed")
    figure = Figure()
    differences.draw(
        figure,
        runs=pd.concat([sweep, placed]),
        comparisons=pd.concat([compared(sweep, "half"), compared(placed, "both")]),
        variants=[],
        labels=["as corrected"],
        omit=["ONE"],
        xlabel="Fraction",
        metric="test_accuracy",
    )
    left, right = figure.axes
    assert [[t.get_text() for t in axes.get_xticklabels()] for axes in figure.axes] == [
        ["ZERO"], ["FREE"],
    ]  # fmt: skip
    assert (left.get_title(), right.get_title()) == (
        "Difference from HALF", "Difference from BOTH",
    )  # fmt: skip
    assert [y for _, y in points(left)] == [-29, -29] and [y for _, y in points(right)] == [-8.5]
    assert [y for strip in networks(right) for _, y in strip] == [-10, -7]
    (legend,) = figure.legends
    assert legend.get_texts()[0].get_text() == "as corrected"


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


def test_a_map_has_a_cell_a_pair_with_its_mean() -> None:
    axes = Figure().add_subplot()
    mesh = heat_map.draw_map(
        axes, accuracies(a=10, b=20, c=70, d=90), PLACES, "test_accuracy", (0, 100)
    )
    assert np.asarray(mesh.get_array()).tolist() == [[10, 70], [20, 90]]  # rows: the second one
    assert axes.get_ylim() == (0, 2)  # the first row is at the bottom
    said = {text.get_position(): text.get_text() for text in axes.texts}
    assert said == {(0.5, 0.5): "10", (1.5, 0.5): "70", (0.5, 1.5): "20", (1.5, 1.5): "90"}
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0", "0.5"]


def test_words_stand_in_their_order_on_a_map() -> None:
    axes = Figure().add_subplot()
    places: Any = {"a": ["sigmoid", 5], "b": ["sigmoid", 2], "c": ["abs", 5], "d": ["abs", 2]}
    mesh = heat_map.draw_map(
        axes, accuracies(a=10, b=20, c=70, d=90), places, "test_accuracy", (0, 100)
    )
    assert np.asarray(mesh.get_array()).tolist() == [[20, 90], [10, 70]]  # rows: 2, 5
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["sigmoid", "abs"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["2", "5"]


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
        placements={"+/-": [0.5, 0.5], "W1+": [0, 0.5], "W2+": [0.5, 0]},
        variant_of_grid="corrected",
        chance=8.3,
    )
    grid, diagonal, bar = figure.axes
    marked = [text for text in grid.texts if isinstance(text, Annotation)]
    assert [(text.get_text(), tuple(text.xy)) for text in marked] == [
        ("W1+", (0.5, 2)),  # above the column without inhibitory inputs
        ("W2+", (2, 0.5)),  # beside the row without inhibitory hidden units
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
    assert np.asarray(diamonds.get_offsets()).tolist() == [[0.5, 1.5], [1.5, 1.5]]
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

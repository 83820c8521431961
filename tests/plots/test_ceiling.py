"""The ideal observer on panels of test data: at which height, over which conditions."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from spikeloc.plots import ceiling, facts, style
from spikeloc.plots.panels import conditions, sweep

METRICS = ["test_accuracy", "train_accuracy", "test_abs_error_deg"]
PRINTED = pd.DataFrame(
    columns=["experiment", "condition", "variant", "value", "metric", "printed", "printed_sd"]
)
Tables = dict[str, pd.DataFrame]
OPTIONS: dict[str, Any] = {"xlabel": "", "title": "", "zoom": False}


def draw_sweep(figure: Figure, metric: str = "test_accuracy", **given: Any) -> None:
    sweep.draw(figure, chance=8.3, metric=metric, **OPTIONS | given)


def draw_conditions(figure: Figure, **given: Any) -> None:
    conditions.draw(figure, chance=8.3, metric="test_accuracy", **OPTIONS | given)


def tables(values: list[float], observed: dict[str, list[float]]) -> Tables:
    """Tables of an experiment with two seeds and an observer at given heights by variant."""
    rows: list[dict[str, Any]] = [
        {"experiment": "e", "condition": f"c{value:g}", "label": f"{value:g}", "value": value,
         "parameter": "tau_ms", "variant": variant, "height": height}
        for variant, heights in observed.items()
        for value, height in zip(values, heights, strict=True)
    ]  # fmt: skip
    base = pd.DataFrame(rows)
    known = base["variant"] == "published"
    ends = {
        f"{name}{end}{unit}": base["height"] + shift
        for name, unit in (("accuracy", ""), ("abs_error", "_deg"))
        for end, shift in (("", 0), ("_low", -1), ("_high", 1))
    }
    runs = pd.concat([base.assign(seed=seed, **dict.fromkeys(METRICS, 50.0)) for seed in (1, 2)])
    statistics = {"mean": 50.0, "ci95_low": 49.0, "ci95_high": 51.0}
    summary = pd.concat([base.assign(metric=metric, **statistics) for metric in METRICS])
    ceiling = base.assign(phase_known=known, **ends)
    return {"runs": runs, "summary": summary, "printed": PRINTED, "ceiling": ceiling}


def lines_of(figure: Figure) -> dict[str, tuple[list[float], ...]]:
    """x and y of the observers' lines by colour."""
    (axes,) = figure.axes
    return {
        to_hex(line.get_color()).upper(): tuple(np.asarray(line.get_data()).tolist())
        for line in axes.lines
        if line.is_dashed() and line.get_color() != style.GREY
    }


def labels_of(figure: Figure) -> list[str]:
    (legend,) = figure.legends
    return [text.get_text() for text in legend.get_texts()]


def test_a_sweep_of_the_stimulus_has_a_line_over_its_values() -> None:
    figure = Figure()
    made = tables([4.0, 2.0, 3.0], {"published": [90, 70, 80], "corrected": [88, 68, 78]})
    draw_sweep(figure, **made)
    x, y = lines_of(figure)[style.VARIANTS["published"].colour]
    assert x == [2, 3, 4] and y == [70, 80, 90]
    assert lines_of(figure)[style.VARIANTS["corrected"].colour][1] == [68, 78, 88]
    labels = labels_of(figure)
    assert "ideal observer, phase known" in labels and "ideal observer, phase unknown" in labels


def test_observers_with_the_same_knowledge_are_called_after_their_variants() -> None:
    figure = Figure()
    with style.marks_for(["mine", "corrected"]):
        draw_sweep(figure, **tables([4.0, 2.0], {"mine": [90, 70], "corrected": [88, 68]}))
    labels = labels_of(figure)
    assert {"mine", "corrected", "ideal observer, mine", "ideal observer, corrected"} <= {*labels}
    assert lines_of(figure)["#D55E00"][1] == [70, 90]


def test_a_sweep_of_something_else_has_a_line_from_edge_to_edge() -> None:
    figure = Figure()
    draw_sweep(figure, **tables([4.0, 2.0, 3.0], {"published": [90, 90, 90]}))
    assert lines_of(figure)[style.VARIANTS["published"].colour] == (
        [1.5, 2, 3, 4, 4.5],
        [90] * 5,
    )
    assert figure.axes[0].get_xlim() == (1.5, 4.5)


def test_a_single_value_has_a_line_from_edge_to_edge() -> None:
    figure = Figure()
    draw_sweep(figure, **tables([2.0], {"corrected": [88]}))
    assert lines_of(figure) == {style.VARIANTS["corrected"].colour: ([1.5, 2, 2.5], [88, 88, 88])}
    assert "ideal observer, phase known" not in labels_of(figure)


def test_conditions_each_have_their_own_stretch() -> None:
    figure = Figure()
    draw_conditions(figure, **tables([4.0, 2.0], {"corrected": [90, 70]}))
    x, y = lines_of(figure)[style.VARIANTS["corrected"].colour]
    assert x == [-0.6, 0.5, 0.5, 1.6] and y == [90, 90, 70, 70]
    assert figure.axes[0].get_xlim() == (-0.6, 1.6)


@pytest.mark.parametrize(
    "lowest, shown, chance_said",
    [(61.5, (60, 95), False), (60.5, (55, 95), False), (45, (0, 100), True)],
)
def test_the_axis_shows_no_more_than_is_needed_if_asked(
    lowest: float, shown: tuple[int, int], chance_said: bool
) -> None:
    made = tables([1.0, 2.0], {"corrected": [91, 92]})
    made["runs"] = made["runs"].assign(test_accuracy=[lowest, 80.0] * 2)
    for draw in (draw_sweep, draw_conditions):
        figure = Figure()
        draw(figure, zoom=True, **made)
        assert figure.axes[0].get_ylim() == shown
        assert ("chance" in labels_of(figure)) == chance_said
        drawn = [np.asarray(line.get_ydata()).tolist() for line in figure.axes[0].lines]
        assert ([8.3, 8.3] in drawn) == chance_said


def test_errors_have_the_observers_error() -> None:
    figure = Figure()
    draw_sweep(figure, "test_abs_error_deg", **tables([1.0, 2.0], {"published": [4, 5]}))
    assert lines_of(figure)[style.VARIANTS["published"].colour][1] == [4, 5]
    chance = [line for line in figure.axes[0].lines if line.get_color() == style.GREY][-1]
    # guessing: 60 - 15 / 12^2 degrees
    assert np.asarray(chance.get_ydata()) == pytest.approx(59.896, abs=2e-3)


@pytest.mark.parametrize("high", [True, False])
def test_the_interval_is_a_band_around_the_line(high: bool) -> None:
    figure = Figure()
    draw_sweep(figure, **tables([1.0, 2.0], {"published": [80, 70]}))
    bands = [path.vertices for each in figure.axes[0].collections for path in each.get_paths()]
    wanted = np.array([[1.0, 81 if high else 79], [2.0, 71 if high else 69]])
    assert any(all((band == point).all(axis=1).any() for point in wanted) for band in bands)


def test_captions_say_where_an_observer_is_drawn() -> None:
    assert {*facts.OBSERVED} == {*ceiling.COLUMNS}


def test_any_metric_has_its_axis_and_its_printed_values() -> None:
    made = tables([1.0, 2.0], {"published": [80, 70]})
    rows = [made["summary"][:2].assign(metric="epochs", mean=7.0)]
    made["summary"] = pd.concat(rows).assign(ci95_low=6.0, ci95_high=8.0)
    made["runs"] = made["runs"].assign(epochs=7)
    row = {
        "experiment": "e",
        "condition": "c2",
        "variant": "published",
        "metric": "epochs",
        "printed": 9.0,
    }
    made["printed"] = pd.DataFrame([row]).reindex(columns=PRINTED.columns)
    for draw in (sweep.draw, conditions.draw):
        figure = Figure()
        draw(figure, chance=8.3, metric="epochs", **OPTIONS, **made)
        (axes,) = figure.axes
        assert axes.get_ylabel() == "Epochs" and lines_of(figure) == {}
        assert "chance" not in labels_of(figure)
        diamonds = [line.get_ydata() for line in axes.lines if line.get_marker() == "D"]
        assert np.concatenate(diamonds).tolist() == [9]


def test_a_printed_value_is_in_the_range_that_is_shown() -> None:
    made = tables([1.0, 2.0], {"corrected": [91, 92]})
    made["runs"] = made["runs"].assign(test_accuracy=80.0)
    row = {
        "experiment": "e",
        "condition": "c2",
        "variant": "corrected",
        "metric": "test_accuracy",
        "printed": 61.5,
    }
    made["printed"] = pd.DataFrame([row]).reindex(columns=PRINTED.columns)
    figure = Figure()
    draw_sweep(figure, zoom=True, **made)
    assert figure.axes[0].get_ylim() == (60, 95)


def test_training_data_have_no_ceiling() -> None:
    figure = Figure()
    draw_sweep(figure, "train_accuracy", **tables([1.0, 2.0], {"published": [80, 70]}))
    assert lines_of(figure) == {}
    assert not any("ideal" in label for label in labels_of(figure))


def test_printed_values_are_beside_their_condition() -> None:
    """Their table may lack the swept value, and they do not cover the networks."""
    made = tables([1.0, 2.0], {"published": [80, 70]})
    row = {
        "experiment": "e",
        "condition": "c2",
        "variant": "published",
        "metric": "test_accuracy",
        "printed": 75.0,
    }
    made["printed"] = pd.DataFrame([row]).reindex(columns=PRINTED.columns)
    figure = Figure()
    draw_sweep(figure, **made)
    (diamond,) = [line for line in figure.axes[0].lines if line.get_marker() == "D"]
    # with two values, a tenth of the axis is a fifth of their distance
    assert np.asarray(diamond.get_xydata()).tolist() == [[2.0 - 0.18 / 5, 75.0]]

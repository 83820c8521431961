"""The panel of printed values: each of them is drawn, of whatever metric and experiment."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikeloc.plots.panels import reproduction

COLUMNS = ["experiment", "condition", "metric", "printed", "mean", "interval_low", "interval_high"]
COLUMNS += ["inside", "value", "label", "variant"]
TITLES = {"e": "First", "f": "Second", "without": "Nothing printed"}


def drawn(*rows: tuple[str, str, float]) -> list[Axes]:
    """The visible axes of a table with these experiments, metrics and printed values."""
    about: dict[str, Any] = {"condition": "a", "label": "A", "mean": 1.0, "inside": True}
    about["variant"] = "published"
    about |= {"interval_low": 0.0, "interval_high": 2.0}
    given = [
        about | dict(zip(("experiment", "metric", "printed"), row, strict=True)) for row in rows
    ]
    table = pd.DataFrame(given, columns=COLUMNS).astype({"inside": "boolean"})
    figure = Figure()
    reproduction.draw(figure, table=table, titles=TITLES)
    return [axes for axes in figure.axes if axes.get_visible()]


def printed(axes: Axes) -> list[float]:
    marks = [line for line in axes.lines if line.get_marker() == "D"]
    return [x for line in marks for x in np.asarray(line.get_xdata()).tolist()]


def test_one_experiment_with_one_metric_has_one_axes() -> None:
    (axes,) = drawn(("e", "test_accuracy", 50.0))
    assert axes.get_title(loc="left") == "First" and axes.get_xlabel() == "Test\naccuracy (%)"
    assert printed(axes) == [50] and axes.get_xlim() == (0, 100)


def test_every_metric_that_was_printed_is_drawn_with_its_label() -> None:
    rows = [("e", "epochs", 7.0), ("e", "hidden_rate_hz", 80.0), ("f", "test_accuracy", 60.0)]
    assert {axes.get_xlabel(): printed(axes) for axes in drawn(*rows)} == {
        "Test\naccuracy (%)": [60.0],
        "Epochs": [7.0],
        "Hidden\nrate (sp/s)": [80.0],
    }


def test_sessions_share_a_row_and_its_interval() -> None:
    rows = [("e", "test_accuracy", float(value)) for value in (40, 50, 60)]
    (axes,) = drawn(*rows)
    assert printed(axes) == [40, 50, 60] and axes.get_ylim() == (0.6, -0.6)
    (bars,) = axes.collections
    assert len(bars.get_paths()) == 1


def test_values_beyond_the_usual_range_are_on_the_axis() -> None:
    (axes,) = drawn(("e", "test_abs_error_deg", 0.5), ("e", "test_abs_error_deg", 170.0))
    low, high = axes.get_xlim()
    assert low < 0.5 and high > 170


def test_losses_by_epoch_have_a_row_of_their_own_if_there_is_no_room() -> None:
    losses = [
        ("e", "first_epoch_loss", 2.0),
        ("e", "epoch_1_loss", 1.0),
        ("e", "epoch_2_loss", 0.5),
    ]
    above, below = drawn(*losses)
    assert (printed(above), printed(below)) == ([2.0], [1.0, 0.5])
    assert below.get_title(loc="left") == "A, by epoch"
    (only,) = drawn(losses[1])
    assert printed(only) == [1.0]
    _, beside = drawn(*losses, ("f", "test_accuracy", 60.0))[1:]
    assert printed(beside) == [1.0, 0.5]


def test_without_values_the_panel_says_so() -> None:
    figure = Figure()
    reproduction.draw(figure, table=pd.DataFrame(columns=COLUMNS), titles=TITLES)
    assert [text.get_text() for text in figure.texts] == ["no printed values"]

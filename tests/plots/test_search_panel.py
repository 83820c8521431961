"""The panel of the search: a line a candidate, the winner told apart."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from spikeloc.plots import style
from spikeloc.plots.panels import search


def tried(recipe: str, rows: list[tuple[int, int, int, float, int]]) -> pd.DataFrame:
    columns = ["round", "epochs", "candidate", "val_accuracy", "rank"]
    return pd.DataFrame(rows, columns=columns).assign(recipe=recipe)


def test_every_candidate_is_a_line_and_the_winner_stands_out() -> None:
    first = tried("fresh_dale", [(0, 5, 0, 40.0, 2), (0, 5, 1, 50.0, 1), (0, 5, 2, 30.0, 3),
                                 (1, 20, 0, 70.0, 1), (1, 20, 1, 60.0, 2)])  # fmt: skip
    second = tried("free", [(0, 5, 0, 20.0, 1), (1, 20, 0, 25.0, 1)])
    figure = Figure()
    labels = {"fresh_dale": "Dale", "free": "free"}
    search.draw(figure, search=pd.concat([first, second]), recipe_labels=labels, chance=8.3)
    left, right = figure.axes
    assert [left.get_title(), right.get_title()] == ["Dale", "free"]
    lines: dict[Any, Any] = {
        tuple(np.asarray(line.get_ydata()).tolist()): line.get_color() for line in left.lines
    }
    assert lines[40.0, 70.0] == style.VARIANTS["corrected"].colour
    assert lines[50.0, 60.0] == lines[(30.0,)] == style.GREY
    assert [text.get_text() for text in left.get_xticklabels()] == ["5", "20"]
    assert left.get_ylabel() == "Validation accuracy (%)"
    assert left.get_ylim() == (0, 100)


def test_good_candidates_are_seen_from_close_by() -> None:
    table = tried("free", [(0, 5, 0, 78.0, 2), (0, 5, 1, 80.0, 1), (1, 20, 1, 91.0, 1)])
    figure = Figure()
    search.draw(figure, search=table, recipe_labels={"free": "free"}, chance=8.3)
    assert figure.axes[0].get_ylim() == (75, 95)
    (legend,) = figure.legends
    assert "chance" not in [text.get_text() for text in legend.get_texts()]

"""The marks of variants: one for each, the same in all panels of a config."""

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikeloc.plots import style

FIXED = dict(style.VARIANTS)


def marks(names: list[str]) -> dict[str, style.Mark]:
    with style.marks_for(names):
        return {name: style.VARIANTS[name] for name in names}


def test_variants_of_any_name_have_marks_of_their_own() -> None:
    many = [f"v{number}" for number in range(20)]
    for names in (["published", "corrected"], ["a"], ["b", "corrected", "a"], many):
        made = marks(names)
        assert len(set(made.values())) == len(names)
        assert all(made[name] == FIXED[name] for name in names if name in FIXED)
    assert marks(["default"])["default"] == style.PLAIN
    assert marks(["mine", "corrected"])["mine"] == FIXED["published"]


def test_a_mark_does_not_depend_on_the_variants_of_a_panel() -> None:
    with style.marks_for(["published", "a", "b"]):
        alone = pd.DataFrame({"variant": ["b", "b"]})
        assert style.variants_in(alone) == ["b"]
        both = pd.DataFrame({"variant": ["b", "a", "published"]})
        assert style.variants_in(both) == ["published", "a", "b"]
        assert style.variant_handle("b").get_color() == style.VARIANTS["b"].colour


def test_marks_are_taken_back() -> None:
    with pytest.raises(RuntimeError), style.marks_for(["a", "corrected"]):
        raise RuntimeError
    assert style.VARIANTS == FIXED


@pytest.mark.parametrize(
    ("count", "offsets"),
    [
        (1, [0]),
        (2, [-0.12, 0.12]),
        (3, [-0.24, 0, 0.24]),
        (5, [-0.4, -0.2, 0, 0.2, 0.4]),
        (9, [-0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_many_marks_side_by_side_stay_in_their_group(count: int, offsets: list[float]) -> None:
    assert style.dodge(count, 0.12) == pytest.approx(offsets)


@pytest.mark.parametrize(("letters", "columns"), [(1, 4), (22, 2), (99, 1)])
def test_a_legend_has_as_many_columns_as_fit(letters: int, columns: int) -> None:
    figure = Figure(figsize=(6, 3))  # a letter is about a sixteenth of an inch
    handles = [Line2D([], [], label="x" * letters) for _ in range(8)]
    style.legend_above(figure, handles, columns=4)
    figure.draw_without_rendering()
    (legend,) = figure.legends
    places = [text.get_window_extent() for text in legend.get_texts()]
    assert len({round(place.x0) for place in places}) == columns
    if columns > 1:
        assert max(place.x1 for place in places) <= figure.bbox.width

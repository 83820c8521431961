"""The files of a figure: what a reader's machine and a user's text make of them."""

import html
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from matplotlib.figure import Figure

from spikeloc.plots.render import render

TEXTS = ["a < b & c", "</text><script>alert(1)</script>", "&lt; ]]> -- %s {x}", "_hidden", "θ → ½"]


@pytest.fixture
def svg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A figure with texts at each place where panels have them."""
    panel = ModuleType("panel_of_texts")

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for number, text in enumerate(TEXTS):
            axes.plot([0, number], label=text)
        axes.set(title=TEXTS[0], xlabel=TEXTS[1], ylabel=TEXTS[2])
        axes.set_yticks(range(len(TEXTS)), TEXTS)
        figure.legend(handles=axes.lines)

    monkeypatch.setitem(panel.__dict__, "draw", draw)
    monkeypatch.setitem(panel.__dict__, "SIZE_MM", (85.0, 60.0))
    monkeypatch.setitem(sys.modules, panel.__name__, panel)
    render(panel.__name__, {}, {"svg": tmp_path / "a.svg", "pdf": tmp_path / "a.pdf"})
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    return (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_texts_of_users_are_text_in_a_drawing(svg: str) -> None:
    texts = [html.unescape(each) for each in re.findall(r"<text[^>]*>(.*?)</text>", svg)]
    for text in TEXTS:
        assert texts.count(text) >= 2
    assert "<script" not in svg


def test_a_machine_without_the_font_has_another_one(svg: str) -> None:
    families = set(re.findall('font-family: ([^;"]*)', svg))
    assert families == {"'DejaVu Sans', sans-serif"}
    assert re.search(r"font:\s", svg) is None  # the short form would be another place

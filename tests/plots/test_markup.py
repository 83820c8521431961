"""What users write is text in Snakemake's report, whatever it would mean there."""

import html
import json
import re

import pytest
from docutils.core import publish_parts
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.config.base import can_be_drawn
from spikeloc.plots.markup import as_json, as_rst

MARKUP = [
    "|x|",
    "x_, `x`_ and x__",
    "*a* and **b** and ``c`` and *d",
    "`x <javascript:alert(1)>`_",
    ".. image:: http://example.org/x.png",
    ".. include:: /etc/passwd",
    ".. raw:: html <script>alert(1)</script>",
    ":math:`x` and :raw-html:`<b>`",
    "http://example.org/ and someone@example.org",
    "[1]_ and [#]_ and _`target`",
    "1. one",
    "A. one",
    "- one",
    "| line",
    ">>> 1",
    ":field: x",
    "-o  option",
    "x::",
    "</p><script>alert(1)</script>",
    "a \\ b \\",
    "====",
    "{{ snakemake }} {% raw %}",
    "θ − π ≥ 1 %",
]
drawable = st.text(st.characters(codec="utf-8"), min_size=1).filter(
    lambda text: text.strip() and can_pass(text)
)


def can_pass(text: str) -> bool:
    try:
        return bool(can_be_drawn(text))
    except ValueError:
        return False


def shown(text: str) -> str:
    """What a reader of the HTML sees; a warning of docutils is an error."""
    settings = {"halt_level": 2, "report_level": 5}
    body = publish_parts(as_rst(text), writer="html", settings_overrides=settings)["body"]
    found = re.fullmatch(r"<p>(.*)</p>\n", body, re.DOTALL)
    assert found and "<" not in found[1], body
    return " ".join(html.unescape(found[1]).split())


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_caption_is_text(text: str) -> None:
    for caption in (text, f"{text}: the rest."):
        assert shown(caption) == " ".join(caption.split())


@given(drawable)
def test_any_caption_is_text(text: str) -> None:
    assert shown(text) == " ".join(text.split())


@given(st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False) | st.lists(st.text())))
def test_no_parameter_ends_the_script_that_holds_it(content: dict[str, object]) -> None:
    assert json.loads(as_json(content)) == content
    assert "<" not in as_json(content | {"title": "</script><!--<script>"})

"""One line that a terminal shows as it is, whatever a name or a field holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.io.errors import InputError


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("runs.csv", "runs.csv"),
        ("θ − 1 ≥ 日本.csv", "θ − 1 ≥ 日本.csv"),
        ("\x1b]0;title\x07\x1b[31mred", r"\x1b]0;title\x07\x1b[31mred"),
        ("two\nlines\r", r"two\nlines\r"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\udcff", r"\udcff"),  # a byte of a name that is not UTF-8
    ],
)
def test_what_cannot_be_seen_is_escaped(name: str, shown: str) -> None:
    assert str(InputError(f"{name}: no such file")) == f"{shown}: no such file"


@given(st.text(st.characters()))
def test_every_message_is_one_line_that_can_be_printed(text: str) -> None:
    said = str(InputError(text))
    said.encode("utf-8")
    assert said.isprintable()

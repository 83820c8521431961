"""Texts of users on their way into Snakemake's report, which takes them for other languages."""

import json
import re
from typing import Any


def as_rst(text: str) -> str:
    """Text in reStructuredText, where it would otherwise be markup: captions are in this language.

    A backslash before a character that is no letter and no digit means this character.
    """
    return re.sub(r"([^\w\s]|_)", r"\\\1", text)


def as_json(content: Any) -> str:
    """Plain data as JSON without "<": the report has the parameters of jobs inside a script element
    of HTML, and their text could end it."""
    return json.dumps(content).replace("<", r"\u003c")

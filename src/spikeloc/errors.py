"""Errors that are meant for the person who runs the pipeline."""

import re

from pydantic import ValidationError


class InputError(ValueError):
    """Bad input: the message names the field or the file and says what is wrong with it."""


def first_problem(error: ValidationError) -> str:
    """The first thing that a model found wrong: the field's dotted path and the reason."""
    problem = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    reason = re.sub(r"^Value error, ", "", problem["msg"])
    if problem["type"] == "extra_forbidden":
        reason = "unknown key"
    shown = problem["input"]
    if isinstance(shown, (str, int, float, bool)):
        reason = f"{reason}, not {shown!r}"
    text = f"{field}: {reason}" if field else reason
    return " ".join(text.split())  # keys may hold line breaks

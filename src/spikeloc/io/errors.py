"""Errors that are meant for the person who runs the pipeline."""

import re

from pydantic import ValidationError

MOST_LETTERS = 80


class InputError(ValueError):
    """Bad input: the message names the field or the file and says what is wrong with it."""


def first_problem(error: ValidationError) -> str:
    """The first thing that a model found wrong: the field's dotted path and the reason."""
    problem = error.errors(include_url=False)[0]
    field = ".".join(map(_key, problem["loc"]))
    reason = re.sub(r"^Value error, ", "", problem["msg"])
    if problem["type"] == "extra_forbidden":
        reason = "unknown key"
    if isinstance(problem["input"], (str, int, float, bool)):
        reason = f"{reason}, not {shown(problem['input'])}"
    text = f"{field}: {reason}" if field else reason
    return " ".join(text.split())


def _key(part: object) -> str:
    """A part of a field's path: as it is, unless nobody would see it."""
    plain = isinstance(part, str) and part.strip() and part.isprintable()
    return _shortened(str(part)) if plain else shown(part)


def shown(value: object) -> str:
    """A value in a message: short, whatever it is."""
    if isinstance(value, int) and value.bit_length() > 256:  # Python refuses to print larger ones
        return f"an integer of {value.bit_length()} bits"
    return _shortened(repr(value))


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}..."

"""Errors whose messages are meant for the person who runs the workflow."""

import re

from pydantic import ValidationError

MAX_CHARACTERS = 80


class InputError(ValueError):
    """Bad input: the message names the field or the file and says what is wrong with it.

    Names and fields may come from strangers, so characters that a terminal would not show as they
    are (control characters, line breaks, invisible ones) are escaped in the message as in Python.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def printable(text: str) -> str:
    """Text on one line, with escapes for all characters that cannot be seen."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def first_problem(error: ValidationError) -> str:
    """The first error that a model found: the dotted path of the field and the reason."""
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
    """A part of a field's path; quoted if it has characters that cannot be seen."""
    plain = isinstance(part, str) and part.strip() and part.isprintable()
    return _shortened(str(part)) if plain else shown(part)


def shown(value: object) -> str:
    """A value as it appears in a message, shortened to 80 characters."""
    if isinstance(value, int) and value.bit_length() > 256:  # Python refuses to print larger ones
        return f"an integer of {value.bit_length()} bits"
    return _shortened(repr(value))


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}..."

"""Errors whose messages are meant for the person who runs the workflow."""

import math
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

MAX_CHARACTERS = 80
SCALARS = (str, int, float, bool, type(None))
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
MAPPING = "a mapping is written {key: value}"
# What to write instead, by the kind of pydantic's error.
CURES = {
    "bool_type": "write true or false, without quotes",
    "dict_type": MAPPING,
    "float_type": "a number is written 5, 0.5 or 1e-3",
    "int_type": "a whole number is written 5",
    "list_type": "a list is written [1, 2, 3]",
    "model_type": MAPPING,
    "string_type": "put it into quotes",
}
# Kinds of errors about a single value, where a list that was typed instead is shown.
SAY_TYPES = {*CURES, "literal_error", "value_error"}


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


def first_problem(error: ValidationError, content: Any = None) -> str:
    """The first error that a model found: the dotted path of the field, the reason, what was given,
    and perhaps what to write instead.

    Args:
        error: what the model raised.
        content: what the model was made from, before its numbers were made plain
            (:mod:`spikeloc.config.yaml_files`), to show them as they were written.
    """
    problem = error.errors(include_url=False)[0]
    kind, value = problem["type"], problem["input"]
    field, written = _walk(problem["loc"], content, kind == "missing")
    reason = re.sub(r"^Value error, | or instance of \w+$", "", problem["msg"])
    is_list = isinstance(value, list) and kind in SAY_TYPES
    if kind != "unknown_key" and (is_list or isinstance(value, SCALARS)):
        same = isinstance(written, type(value)) and (written == value or value != value)
        reason = f"{reason}, not {shown(written if same else value)}"
    cure = CURES.get(kind)
    if kind in {"int_type", "float_type"} and isinstance(value, str) and NUMBER.fullmatch(value):
        cure = "write it without quotes"
    if cure and value is not None:
        reason = f"{reason} ({cure})"
    text = f"{field}: {reason}" if field else reason
    return " ".join(text.split())


def _walk(path: Iterable[int | str], content: Any, is_missing: bool) -> tuple[str, Any]:
    """A field as a dotted path, and what stands there. In the path of pydantic, names of types may
    follow those of fields."""
    known = content is not None
    names = []
    for part in path:
        keys = range(len(content)) if isinstance(content, list) else content
        inside = isinstance(keys, (dict, range)) and part in keys
        content = content[part] if inside else content
        if inside or is_missing or not known:
            names.append(_key(part))
    return ".".join(names), content


def _key(part: object) -> str:
    """A part of a field's path; quoted if it has characters that cannot be seen."""
    is_plain = isinstance(part, str) and part.strip() and part.isprintable()
    return _shortened(str(part)) if is_plain else shown(part)


def shown(value: object) -> str:
    """A value as it is written in YAML, shortened to 80 characters."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is int and value.bit_length() > 256:  # Python refuses to print larger ones
        return f"an integer of {value.bit_length()} bits"
    if type(value) is float and not math.isfinite(value):
        return repr(value).replace("inf", ".inf").replace("nan", ".nan")
    if isinstance(value, list):  # not what is nested deeper, which aliases can make endless
        each = (shown(one) if isinstance(one, SCALARS) else "..." for one in value[:MAX_CHARACTERS])
        return _shortened(f"[{', '.join(each)}]")
    return _shortened(repr(value))


def nearest(name: object, known: Iterable[object], cutoff: float = 0.5) -> str:
    """The end of a message about a name that does not exist: the most similar one, if any."""
    similar = get_close_matches(str(name)[:MAX_CHARACTERS], map(str, known), n=1, cutoff=cutoff)
    return f"; did you mean {similar[0]!r}?" if similar else ""


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}..."

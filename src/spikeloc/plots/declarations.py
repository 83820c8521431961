"""What the file of a panel declares, and the options that a config may give it.

A panel is one file in ``spikeloc/plots/panels``. Planning reads the following parts of the file
without importing it, so that it needs no drawing library:

- the docstring, whose first paragraph is the caption. A config may replace its first sentence.
  Words in braces are filled in (``CAPTION_WORDS`` in :mod:`spikeloc.plots.facts`);
- ``DRAWN_FROM``: the inputs, each a path below the results folder. A name in braces stands for an
  experiment or a list of them, and ``{run}`` or ``{runs}`` for a run or a list of runs; each of a
  list gives one file. ``{experiment}`` is the experiment that has the panel; other names are
  options, which may have the name of their input;
- ``OPTIONS``: what a config may set, with the defaults. A tuple lists all possible values, the
  default first. An option may name experiments or runs for the braces; ``metric`` is a metric of
  ``runs.csv``;
- ``FACTS``: what the panel needs to know about the config (:mod:`spikeloc.plots.facts`);
- ``DRAWN_IF``: a key of the config. If the config has this key, the panel is drawn. A panel
  without it is drawn where the config names it: below ``panel`` of an experiment, or ``panels``;
- ``OF_KIND``: the kind that an experiment must have ("sweep", "grid" or "conditions"), by the name
  of the experiment in braces;
- ``NEEDS_HIDDEN_UNITS``: whether the runs must have hidden units.

The file's function ``draw(figure, *, ...)`` receives inputs, options and facts by their names and
draws on a figure of ``SIZE_MM``, (width, height).
"""

import ast
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from spikeloc.config.base import can_be_drawn
from spikeloc.io.errors import InputError, nearest, shown
from spikeloc.metrics.declared import metric, metric_names
from spikeloc.plots.pdf import figure_fonts

FOLDER = Path(__file__).with_name("panels")
CONSTANTS = ("DRAWN_FROM", "OPTIONS", "FACTS", "DRAWN_IF", "OF_KIND", "NEEDS_HIDDEN_UNITS")
# Options of every panel: the file that draws it, and its caption.
ALWAYS = ("kind", "caption")
TYPES = {
    str: "text",
    bool: "true or false",
    list: "a list of names",
    int: "a whole number",
    float: "a number",
}


@dataclass(frozen=True)
class Declaration:
    """What the file of a panel declares."""

    caption: str
    drawn_from: Mapping[str, str]
    options: Mapping[str, Any]
    facts: tuple[str, ...]
    drawn_if: str | None
    of_kind: Mapping[str, str]
    needs_hidden_units: bool


@cache
def declaration(kind: str) -> Declaration:
    """Read what ``panels/<kind>.py`` declares.

    Raises:
        InputError: there is no such panel, or it has no ``DRAWN_FROM``.
    """
    if kind not in kinds():
        known = f"{', '.join(kinds())}{nearest(kind, kinds())}"
        raise InputError(f"there is no panel {shown(kind)}, only: {known}")
    tree = ast.parse((FOLDER / f"{kind}.py").read_text(encoding="utf-8"))
    constants: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            (target,) = node.targets if isinstance(node, ast.Assign) else [node.target]
            if isinstance(target, ast.Name) and target.id in CONSTANTS:
                constants[target.id] = ast.literal_eval(node.value)
    if "DRAWN_FROM" not in constants:
        raise InputError(f"the panel {kind!r} has no DRAWN_FROM")
    caption = (ast.get_docstring(tree) or "").split("\n\n")[0]
    return Declaration(
        " ".join(caption.split()),
        constants["DRAWN_FROM"],
        constants.get("OPTIONS", {}),
        constants.get("FACTS", ()),
        constants.get("DRAWN_IF"),
        constants.get("OF_KIND", {}),
        constants.get("NEEDS_HIDDEN_UNITS", False),
    )


def kinds() -> list[str]:
    """The names of all panels, which are the names of their files."""
    return sorted(path.stem for path in FOLDER.glob("[!_]*.py"))


def options_of(declared: Declaration, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options with the given values, or else their defaults.

    Raises:
        InputError: an option is unknown or has a wrong value; the message names it.
    """
    options = {
        name: default[0] if isinstance(default, tuple) else default
        for name, default in declared.options.items()
    }
    for name, value in given.items():
        if name not in options and name not in ALWAYS:
            known = [*options, *ALWAYS]
            raise InputError(
                f"{name}: unknown option; the options are: {', '.join(known)}{nearest(name, known)}"
            )
        choices = declared.options.get(name, "")
        if isinstance(choices, tuple) and value not in choices:
            raise InputError(
                f"{name}: must be one of {', '.join(map(str, choices))}, not {shown(value)}"
            )
        _check_value(name, value, type(options.get(name, "")))
        if name == "metric" and metric(value) is None:
            similar = nearest(value, metric_names())
            raise InputError(f"metric: {shown(value)} is not a metric of runs.csv{similar}")
        if name in options:
            options[name] = value
    return options


def _check_value(name: str, value: Any, wanted: type) -> None:
    """Refuse a value of another type, text that cannot be drawn, and lists other than of names."""
    fits = type(value) is wanted or (wanted is float and type(value) is int)
    if fits and wanted is list:
        fits = all(isinstance(each, str) for each in value)
    if not fits:
        raise InputError(f"{name}: must be {TYPES[wanted]}, not {shown(value)}")
    if wanted is list and len(set(value)) < len(value):
        raise InputError(f"{name}: holds a duplicate")
    if wanted is str:
        try:
            can_be_drawn(" ".join(value.split()) if name == "caption" else value)
        except ValueError as error:
            raise InputError(f"{name}: {error}, not {shown(value)}") from None
    if wanted is str and name != "caption":
        check_letters(name, value)


def check_letters(name: str, text: str) -> None:
    """Refuse text with letters that the figures' font lacks.

    Raises:
        InputError: there is such a letter; the message has ``name``.
    """
    missing = "" if text.isascii() else "".join(each for each in text if ord(each) not in _glyphs())
    if missing:
        raise InputError(f"{name}: the font of the figures has no {shown(missing)}")


@cache
def _glyphs() -> Container[int]:
    """The characters that the figures' font has."""
    from matplotlib.ft2font import FT2Font  # here, because most configs need English letters only

    return FT2Font(Path(*figure_fonts(), "DejaVuSans.ttf")).get_charmap()

"""The panels of a config, and the files that each is drawn from.

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
import itertools
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from spikeloc.config.base import can_be_drawn
from spikeloc.config.expansion import check_experiment
from spikeloc.config.models import Config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError, nearest, shown
from spikeloc.metrics.declared import metric, metric_names
from spikeloc.plots import facts
from spikeloc.plots.parameter_labels import readable
from spikeloc.plots.pdf import figure_fonts

FOLDER = Path(__file__).with_name("panels")
FORMATS = ("svg", "png", "pdf")
CONSTANTS = ("DRAWN_FROM", "OPTIONS", "FACTS", "DRAWN_IF", "OF_KIND", "NEEDS_HIDDEN_UNITS")
RUNS = ("run", "runs")
# Options of every panel: the file that draws it, and its caption.
ALWAYS = ("kind", "caption")
TYPES = {
    str: "text",
    bool: "true or false",
    list: "a list of names",
    int: "a whole number",
    float: "a number",
}

Inputs = dict[str, str | list[str]]


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


@dataclass(frozen=True)
class Panel:
    """A panel of a config: the file that draws it, the files that it is drawn from, and its options
    and facts (``settings``)."""

    kind: str
    caption: str
    inputs: Inputs
    settings: dict[str, Any]

    @property
    def module(self) -> str:
        """The module that draws the panel."""
        return f"spikeloc.plots.panels.{self.kind}"

    def files(self) -> list[str]:
        """All files that the panel is drawn from."""
        lists = ([each] if isinstance(each, str) else each for each in self.inputs.values())
        return [path for paths in lists for path in paths]


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


def panels(plan: Plan) -> dict[str, Panel]:
    """The panels of a config, by the name of their figures.

    Raises:
        InputError: a panel has an unknown option or experiment; the message names both.
    """
    made: dict[str, Panel] = {}

    def add(name: str, where: str, panel: Panel) -> None:
        if name in made:
            raise InputError(f"config: {where}: there is a panel {name!r} already")
        made[name] = panel

    for name, each in plan.config.experiments.items():
        _check_letters(f"config: experiments.{name}.title", each.title or "")
    for run in plan.runs:
        _check_letters(f"config: experiments.{run.experiment}.{run.condition}.label", run.label)
    for kind in kinds():
        key = declaration(kind).drawn_if
        if key is not None and facts.KEYS[key](plan):
            add(kind, key, _panel(plan, kind, {}, key, {}))
    for name, given in plan.config.panels.items():
        where = f"panels.{name}"
        add(name, where, _panel(plan, given.get("kind", name), given, where, {}))
    for experiment, wanted in _of_experiments(plan.config).items():
        for name, given in wanted.items():
            where = f"experiments.{experiment}.panel.{name}"
            kind = given.get("kind", plan.config.experiments[experiment].kind)
            add(name, where, _panel(plan, kind, given, where, {"experiment": experiment}))
    return made


def panel_files(plan: Plan, name: str) -> list[Path]:
    """The files of a panel, one for each format."""
    return [plan.figures / f"{name}.{suffix}" for suffix in FORMATS]


def _of_experiments(config: Config) -> dict[str, dict[str, dict[str, Any]]]:
    """The panels of each experiment: those that it names, or one of its kind with its title."""
    wanted = {}
    for name, experiment in config.experiments.items():
        own: dict[str, Any] = {"title": config.title_of(name)}
        if experiment.kind != "grid":
            own["zoom"] = True
        if experiment.sweeps_words:
            own["xlabel"] = readable(experiment.parameter)
        wanted[name] = {name: own} if experiment.panel is None else experiment.panel
    return wanted


def _panel(
    plan: Plan, kind: Any, given: Mapping[str, Any], where: str, names: Mapping[str, Any]
) -> Panel:
    """Make a panel from the ``given`` options and the ``names`` of its experiments and runs."""
    try:
        declared = declaration(kind if isinstance(kind, str) else repr(kind))
        options = _options(declared, given)
        known = {**options, **names, **_names_of_key(plan, declared.drawn_if)}
        _check_runs(plan, declared, known)
        inputs = {
            name: _files(plan, path, known, declared.of_kind)
            for name, path in declared.drawn_from.items()
        }
        # an option with the name of an input tells from which experiment that input comes
        settings = {name: value for name, value in options.items() if name not in inputs}
        settings |= {name: facts.FACTS[name](plan, known) for name in declared.facts}
    except InputError as error:
        raise InputError(f"config: {where}: {error}") from None
    return Panel(kind, _caption(plan, declared, given.get("caption"), known), inputs, settings)


def _names_of_key(plan: Plan, key: str | None) -> dict[str, Any]:
    """The experiments and runs of the panels that a key of the config adds.

    Raises:
        InputError: the config does not have the key.
    """
    names = facts.KEYS[key](plan) if key is not None else {}
    if key is not None and not names:
        raise InputError(f"this kind of panel needs the key `{key}` of the config")
    return names


def _caption(plan: Plan, declared: Declaration, own: str | None, known: Mapping[str, Any]) -> str:
    """The caption of a panel: the declared one, after its title if it has one, or with its ``own``
    first sentence. Only the declared text has words in braces."""

    def filled(text: str) -> str:
        return re.sub(
            r"\{(\w+)\}",
            lambda word: (
                facts.CAPTION_WORDS[word[1]](plan, known)
                if word[1] in facts.CAPTION_WORDS
                else word[0]
            ),
            text,
        )

    first, stop, rest = declared.caption.partition(". ")
    if own:
        return " ".join(own.split()).removesuffix(".") + (stop or ".") + filled(rest)
    title = f"{known['title']}: " if known.get("title") else ""
    return title + filled(first + stop + rest)


def _options(declared: Declaration, given: Mapping[str, Any]) -> dict[str, Any]:
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
        _check_letters(name, value)


def _check_letters(name: str, text: str) -> None:
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


def _files(
    plan: Plan, template: str, known: Mapping[str, Any], of_kind: Mapping[str, str]
) -> str | list[str]:
    """The file or files that a template stands for.

    Raises:
        InputError: the config does not have an experiment that it names, or it is of another kind.
    """
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    for name in names:
        if not known.get(name):
            missing = "it needs an experiment: ask for it there, below `panel`"
            raise InputError(missing if name == "experiment" else f"{name}: must be given")
        if name not in RUNS and template.startswith("runs/"):
            _check_experiments(plan, name, _listed(known[name]), of_kind.get(name))
    values = [_listed(known[name]) for name in names]
    paths = []
    for chosen in itertools.product(*values):
        path = template.format_map(dict(zip(names, chosen, strict=True)))
        paths.append((plan.results / path).as_posix())
    several = any(isinstance(known[name], list) for name in names)
    return paths if several else paths[0]


def _listed(names: str | list[str]) -> list[str]:
    return names if isinstance(names, list) else [names]


def _check_experiments(plan: Plan, name: str, experiments: list[str], kind: str | None) -> None:
    """Refuse names of no experiment, and experiments that are not of the kind."""
    for each in experiments:
        check_experiment(plan.config, each, name)
        if kind and plan.config.experiments[each].kind != kind:
            raise InputError(f"{name}: {each!r} is not of the kind {kind!r}")


def _check_runs(plan: Plan, declared: Declaration, known: Mapping[str, Any]) -> None:
    """Refuse names of no run, and runs without hidden units if the panel needs them."""
    for name in RUNS:
        if name in known and not known[name]:
            raise InputError(f"{name}: must be given")
        for each in _listed(known.get(name, [])):
            if not plan.has_run(each):
                similar = nearest(each, (run.path for run in plan.runs))
                raise InputError(
                    f"{name}: {each!r} is not an experiment/condition/variant{similar}"
                )
            model = plan.run(each).parameters.network.model
            if declared.needs_hidden_units and model == "membrane_only":
                raise InputError(f"{name}: the panel needs hidden units, which {each!r} lacks")

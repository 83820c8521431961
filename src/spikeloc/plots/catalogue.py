"""The panels of a config, and the files that each is drawn from."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from spikeloc.config.expansion import check_experiment
from spikeloc.config.models import Config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError, nearest
from spikeloc.plots import facts
from spikeloc.plots.declarations import Declaration, check_letters, declaration, kinds, options_of
from spikeloc.plots.parameter_labels import readable

FORMATS = ("svg", "png", "pdf")
RUNS = ("run", "runs")
Inputs = dict[str, str | list[str]]


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
        check_letters(f"config: experiments.{name}.title", each.title or "")
    for run in plan.runs:
        check_letters(f"config: experiments.{run.experiment}.{run.condition}.label", run.label)
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
        options = options_of(declared, given)
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
            raise InputError(f"{name}: must be given" if name in known else missing)
        if name not in RUNS and template.startswith("runs/"):
            kind, table = of_kind.get(name), Path(template).stem
            _check_experiments(plan, name, _listed(known[name]), kind, table)
    values = [_listed(known[name]) for name in names]
    paths = []
    for chosen in itertools.product(*values):
        path = template.format_map(dict(zip(names, chosen, strict=True)))
        paths.append((plan.results / path).as_posix())
    several = any(isinstance(known[name], list) for name in names)
    return paths if several else paths[0]


def _listed(names: str | list[str]) -> list[str]:
    return names if isinstance(names, list) else [names]


def _check_experiments(
    plan: Plan, name: str, experiments: list[str], kind: str | None, table: str
) -> None:
    """Refuse names of no experiment, and experiments that are not of the kind or do not have the
    table."""
    for each in experiments:
        precomputed = plan.precomputed.get(each)
        if precomputed is None:
            check_experiment(plan.config, each, name)
        elif table not in precomputed:
            raise InputError(f"{name}: {each!r} is precomputed without {table}.csv")
        if kind and plan.kind_of(each) != kind:
            raise InputError(f"{name}: {each!r} is not of the kind {kind!r}")
        if table == "convergence" and precomputed is None and each not in plan.budgets:
            raise InputError(f"{name}: no variants of {each!r} differ in training.epochs alone")


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

"""Configs as plain data, to change and to break."""

import copy
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from spikeloc.config.expansion import Run, expand
from spikeloc.config.loading import check_config

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "config" / "paper.yaml"
QUICK = ROOT / "config" / "quick.yaml"
SIGNS = ROOT / "config" / "signs.yaml"
EXTENDED = ROOT / "config" / "extended.yaml"
SEEDS = list(range(1, 11))  # the paper's
CONTENT: dict[str, Any] = yaml.safe_load(PAPER.read_text(encoding="utf-8"))


def paper() -> dict[str, Any]:
    """The paper's config, to be changed at will."""
    return copy.deepcopy(CONTENT)


def with_signs() -> dict[str, Any]:
    """The paper's config with the recipes, experiments and panels of ``signs.yaml`` as well."""
    content, signs = paper(), yaml.safe_load(SIGNS.read_text(encoding="utf-8"))
    return content | {
        key: signs[key] | content[key] for key in ("recipes", "experiments", "panels")
    }


def blocks(document: str, language: str) -> list[str]:
    """The code of this language in a document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def short_config() -> str:
    """The text of the first ``config/mine.yaml`` in the guide to configs."""
    return next(block for block in blocks("config/README.md", "yaml") if "extends:" in block)


def put(content: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The same content with something else at a dotted path; numbers count through lists."""
    place: Any = content
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        place = place[part]
    place[last] = value
    return content


def runs_of(content: dict[str, Any]) -> list[Run]:
    """What a config expands to."""
    return expand(check_config(content))


def by_path(runs: Iterable[Run]) -> dict[str, Run]:
    """Runs by experiment/condition/variant."""
    return {run.path: run for run in runs}


def a_sweep(**changes: Any) -> dict[str, Any]:
    """The paper's config with one more sweep, ``extra``."""
    sweep = {"recipe": "envelope", "vary": "network.tau_ms", "values": [1, 2]} | changes
    return put(paper(), "experiments.extra", {k: v for k, v in sweep.items() if v is not None})


def named(*conditions: Any, **changes: Any) -> dict[str, Any]:
    """The paper's config with one more experiment of named conditions, ``extra``."""
    experiment = {"recipe": "envelope", "conditions": list(conditions)} | changes
    return put(paper(), "experiments.extra", experiment)


def networks(runs: list[Run]) -> dict[str, str]:
    """The name of each run's ensemble, by path."""
    return {run.path: run.parameters.network_name(SEEDS) for run in runs}


def stimuli(runs: list[Run]) -> dict[str, str]:
    """The name of each run's stimulus, by path."""
    return {run.path: run.parameters.stimulus_name() for run in runs}

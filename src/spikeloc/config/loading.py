"""Read a config, or fail with one line that says what is wrong."""

import os
import re
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from spikeloc.config.chosen_runs import (
    analysed_runs,
    coincidence_runs,
    phase_effect_runs,
    tested_runs,
)
from spikeloc.config.expansion import expand
from spikeloc.config.limits import check_size
from spikeloc.config.models import BASE_FILE, Config
from spikeloc.config.search.candidates import search_runs
from spikeloc.config.swept_parameters import merge
from spikeloc.config.yaml_files import parsed, plain, read_as_written
from spikeloc.io.errors import InputError, first_problem, nearest, shown

DEFAULT_CONFIG = "config/paper.yaml"
# What a file takes over from the file that it extends.
TAKEN_OVER = ("stimulus", "network", "training", "recipes", "variants")


def check_config(content: Any, source: str = "config") -> Config:
    """Check plain data as a config. It is expanded once, so that every condition is checked too.

    Raises:
        InputError: the config is not valid; one line names the source and the field.
    """
    try:
        if not isinstance(content, Mapping):
            raise InputError("a config is a mapping of keys to values")
        config = Config.model_validate(plain(content))
        runs = expand(config)
        check_size(runs)
        phase_effect_runs(config, runs)
        coincidence_runs(config, runs)
        analysed_runs(config, runs)
        tested_runs(config, runs)
        search_runs(config)
    except ValidationError as error:
        raise InputError(f"{source}: {first_problem(error, content)}") from None
    except InputError as error:
        raise InputError(f"{source}: {error}") from None
    except RecursionError:  # YAML can put a list into itself
        raise InputError(f"{source}: nested too deeply") from None
    return config


def load_config(*files: str | Path, settings: Sequence[str] = ()) -> Config:
    """Read and check a config.

    Args:
        files: YAML files, each laid over those before it and over those that it extends.
        settings: single values that are laid over them, ``key=value`` with a value as in a file.

    Raises:
        InputError: the config is not valid; one line names the file or setting, and the field.
    """
    given: dict[str, Any] = {}
    for setting in settings:
        key, value = _read_setting(setting)
        if key in given:
            raise InputError(f"--config: {key} is given twice")
        given[key] = value
    chains = [_read_chain(path) for path in files]
    layers = [content for chain in chains for content in chain.values()]
    content: Mapping[str, Any] = reduce(merge, [*layers, given])
    source = [", which extends ".join(map(str, reversed(chain))) for chain in chains]
    source += ["--config", *map(shown, settings)] if settings else []
    return check_config(content, " ".join(source))


def _read_chain(path: str | Path, extending: Sequence[Path] = ()) -> dict[Path, Mapping[str, Any]]:
    """What counts of each file that a config file extends, directly or through others, and then all
    of the file itself, by path; ``extending``: what extends this file.

    Raises:
        InputError: a file cannot be read, or files extend each other in a circle.
    """
    path = Path(path)
    content = dict(_read_file(path))
    if extending:
        for key in content:
            _check_key(key, f"{path}: {key}")
    if "extends" not in content:
        return {path: content}
    base = _base(path, content.pop("extends"))
    extending = [*extending, path]
    if base.resolve() in [each.resolve() for each in extending]:
        raise InputError(f"{path}: extends {base}: files must not extend each other in a circle")
    try:
        chain = _read_chain(base, extending)
    except InputError as error:
        raise InputError(f"{path}: extends {error}") from None
    taken = {
        place: {key: each[key] for key in TAKEN_OVER if key in each}
        for place, each in chain.items()
    }
    return {**taken, path: content}


def _base(path: Path, name: Any) -> Path:
    """The file of this name that the config file at ``path`` extends."""
    if not isinstance(name, str) or not re.fullmatch(BASE_FILE, name):
        reason = f"must be the path of a file, from the folder of this one, not {shown(name)}"
        raise InputError(f"{path}: extends: {reason}")
    base = Path(os.path.normpath(path.parent / name))
    folder = base.parent.resolve()
    if not any(folder.is_relative_to(each.resolve()) for each in (Path(), path.parent)):
        raise InputError(f"{path}: extends: {name} is outside of the project's folder")
    return base


def _read_file(path: str | Path) -> Mapping[str, Any]:
    content = read_as_written(path)
    if not isinstance(content, Mapping):
        reason = "empty; " if content is None else ""
        raise InputError(f"{path}: {reason}a config is a mapping of keys to values")
    return content


def _read_setting(setting: str) -> tuple[str, Any]:
    key, equals, text = setting.partition("=")
    source = f"--config {shown(setting)}"
    if not equals:
        raise InputError(f"{source}: must be key=value, after the targets")
    _check_key(key, source)
    if not text.isprintable() or re.search(r"(^|\s)#|[$`\\]", text):
        # comments would be lost, and shells would change the rest on the way to a cluster's jobs
        raise InputError(f"{source}: a value is one line without # $ ` \\; write it into a file")
    return key, parsed(text, source)


def _check_key(key: Any, source: str) -> None:
    if key not in Config.model_fields:
        raise InputError(f"{source}: unknown key{nearest(key, Config.model_fields)}")

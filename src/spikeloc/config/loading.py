"""Read a config, or fail with one line that says what is wrong."""

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from spikeloc.config.expansion import analysed_runs, coincidence_runs, expand, phase_effect_runs
from spikeloc.config.limits import check_size
from spikeloc.config.models import Config, merge
from spikeloc.config.search_space import search_runs
from spikeloc.config.yaml_files import parsed, plain, read_as_written
from spikeloc.io.errors import InputError, first_problem, nearest, shown

DEFAULT_CONFIG = "config/paper.yaml"


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
        files: YAML files, each laid over those before it.
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
    content: Mapping[str, Any] = reduce(merge, [*map(_read_file, files), given])
    options = ["--config", *map(shown, settings)] if settings else []
    return check_config(content, " ".join(map(str, [*files, *options])))


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
    if key not in Config.model_fields:
        raise InputError(f"{source}: unknown key{nearest(key, Config.model_fields)}")
    if not text.isprintable() or re.search(r"(^|\s)#|[$`\\]", text):
        # comments would be lost, and shells would change the rest on the way to a cluster's jobs
        raise InputError(f"{source}: a value is one line without # $ ` \\; write it into a file")
    return key, parsed(text, source)

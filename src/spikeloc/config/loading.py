"""Read a YAML file as a checked config, or fail with one line that says what is wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from spikeloc.config.expansion import analysed_runs, coincidence_runs, expand, phase_effect_runs
from spikeloc.config.limits import check_size, plain
from spikeloc.config.models import Config
from spikeloc.config.search_space import search_runs
from spikeloc.io.errors import InputError, first_problem, shown

# If a config file has this key, Snakemake executes Python code in its keys and values.
TEMPLATE = "__use_yte__"


def check_config(content: Any, source: str = "config") -> Config:
    """Check plain data as a config. It is expanded once, so that every condition is checked too.

    Raises:
        InputError: the config is not valid; one line names the source and the field.
    """
    if not isinstance(content, Mapping):
        raise InputError(f"{source}: a config is a mapping of keys to values")
    try:
        config = Config.model_validate(plain(content))
        runs = expand(config)
        check_size(runs)
        phase_effect_runs(config, runs)
        coincidence_runs(config, runs)
        analysed_runs(config, runs)
        search_runs(config)
    except ValidationError as error:
        raise InputError(f"{source}: {first_problem(error)}") from None
    except InputError as error:
        raise InputError(f"{source}: {error}") from None
    except RecursionError:  # YAML can put a list into itself
        raise InputError(f"{source}: nested too deeply") from None
    return config


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML loader that refuses a duplicate key instead of keeping the last value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: list[Any] = []  # not a set: super() checks whether the keys can be hashed
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise InputError(f"line {line}: key {shown(key)} is given twice")
            seen.append(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: str | Path) -> Any:
    """Read a YAML file, refusing duplicate keys and templates.

    Raises:
        InputError: the file is missing, is not YAML, or holds a duplicate key or code.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
        # ruff does not see that the loader is a safe one
        content = yaml.load(text, Loader=_StrictLoader)  # noqa: S506, TID251
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except RecursionError:
        raise InputError(f"{path}: nested too deeply") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, ValueError) as error:  # no UTF-8, a date of month 13
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not YAML: {reason}") from None
    if isinstance(content, Mapping) and TEMPLATE in content:
        raise InputError(f"{path}: {TEMPLATE}: a config holds values, not code")
    return content


def load_config(path: str | Path) -> Config:
    """Read and check a config file.

    Raises:
        InputError: the file is not a valid config; one line names the file and the field.
    """
    return check_config(read_yaml(path), str(path))

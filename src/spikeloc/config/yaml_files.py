"""The reader and the writer of all YAML in the project.

Scalars mean what YAML 1.2 says (its core schema): ``1e-3`` is a number, while ``on``, ``1:40`` and
``1_0`` are text, which YAML 1.1 takes for a boolean and for numbers. Of YAML 1.1 only the merge key
is kept (``<<: *base``), because it goes well with anchors.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import yaml

from spikeloc.io.errors import InputError, shown

MAX_BYTES = 1_000_000
MAX_ENTRIES = 100_000
# If a config has this key, Snakemake executes Python code in its keys and values.
TEMPLATE = "__use_yte__"


class _Int(int):
    """An integer that is shown as it was written, such as ``0x1F``."""

    text: str

    def __new__(cls, text: str) -> "_Int":
        self = super().__new__(cls, text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        self.text = text
        return self

    def __repr__(self) -> str:
        return self.text


class _Float(float):
    """A number that is shown as it was written, such as ``1e-3``."""

    text: str

    def __new__(cls, text: str) -> "_Float":
        word = text.lower()
        self = super().__new__(cls, re.sub(r"\.(?=inf|nan)", "", word))
        is_lost = not self and re.search("[1-9]", word.partition("e")[0])
        if is_lost or (math.isinf(self) and "inf" not in word):
            raise ValueError("too large or too close to 0 for a number of 64 bits")
        self.text = text
        return self

    def __repr__(self) -> str:
        return self.text


_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"
# The core schema: how each type is written without quotes, and what turns this text into a value.
_SCALARS: dict[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    f"{_TAG}{kind}": (re.compile(rf"(?:{pattern})\Z"), make)
    for kind, pattern, make in (
        ("null", r"|~|null|Null|NULL", lambda _: None),
        ("bool", r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
        ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", _Int),
        (
            "float",
            r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
            r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
            _Float,
        ),
    )
}


class _Loader(yaml.SafeLoader):
    """Reads the core schema, and refuses a duplicate key instead of keeping the last value."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]
    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        tag: yaml.SafeLoader.yaml_constructors[tag]
        for tag in (None, f"{_TAG}str", f"{_TAG}seq", f"{_TAG}map")
    }
    merged_keys = 0

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    raise _error(key, f"key {shown(key.value)} is given twice")
                seen.add((key.tag, key.value))
        return node

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Put the keys of merged mappings before those of the mapping itself, which override them.

        PyYAML's own method has no limit, and merges of merges can make billions of keys.
        """
        given, node.value = node.value, []
        for key, value in given:
            if key.tag != _MERGE:
                node.value.append((key, value))
                continue
            for base in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if not isinstance(base, yaml.MappingNode):
                    raise _error(key, "<< needs a mapping or a list of mappings")
                self.flatten_mapping(base)
                self.merged_keys += len(base.value)
                if self.merged_keys > MAX_ENTRIES:
                    raise InputError(f"merges more than {MAX_ENTRIES} keys")
                node.value[:0] = base.value

    def construct_core(self, node: yaml.ScalarNode) -> Any:
        """The value of a scalar that is not text."""
        pattern, make = _SCALARS[node.tag]
        text = self.construct_scalar(node)
        try:
            if not pattern.match(text):  # it has a tag: !!int 1_0
                raise ValueError(f"not a YAML {node.tag.removeprefix(_TAG)}")
            return make(text)
        except ValueError as error:
            raise _error(node, f"{shown(text)}: {error}") from None


class _Dumper(yaml.SafeDumper):
    """Puts text into quotes that YAML 1.1 or YAML 1.2 would take for something else."""


for _tag, (_pattern, _) in _SCALARS.items():
    _Loader.add_implicit_resolver(_tag, _pattern, None)
    _Loader.add_constructor(_tag, _Loader.construct_core)
    _Dumper.add_implicit_resolver(_tag, _pattern, None)
_Loader.add_implicit_resolver(_MERGE, re.compile(r"<<\Z"), None)


def _error(node: yaml.Node, reason: str) -> InputError:
    return InputError(f"line {node.start_mark.line + 1}: {reason}")


def read_yaml(path: str | Path) -> Any:
    """Read a YAML file.

    Raises:
        InputError: the file is missing, is not YAML, or holds a duplicate key or code; one line
            names the file and, where possible, the line.
    """
    return plain(read_as_written(path))


def read_as_written(path: str | Path) -> Any:
    """The same, but numbers are shown in messages as they were written (see :func:`plain`)."""
    try:
        path = Path(path)
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: not a file")
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES} bytes")
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8 text: save it in this encoding") from None
    content = parsed(text, str(path))
    if isinstance(content, Mapping) and TEMPLATE in content:
        raise InputError(f"{path}: {TEMPLATE}: a config holds values, not code")
    return content


def parsed(text: str, source: str) -> Any:
    """The content of a YAML text, with numbers that are shown as they were written.

    Raises:
        InputError: it is not YAML, or holds a duplicate key; one line names the ``source``.
    """
    try:
        return _copied(_loaded(text), lambda scalar: scalar)
    except InputError as error:
        raise InputError(f"{source}: {error}") from None
    except RecursionError:
        raise InputError(f"{source}: nested too deeply") from None
    except yaml.YAMLError as error:
        problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        reason = " ".join(str(problem or error).split())
        raise InputError(f"{source}: {where}not YAML: {reason}") from None


@lru_cache(maxsize=16)  # a start of the workflow reads its configs twice
def _loaded(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506, TID251  # ruff does not see that it is safe


def plain(content: Any) -> Any:
    """The content of a file as plain dictionaries, lists and numbers, which strict models require.

    Raises:
        InputError: there are too many entries; a small file can make many with aliases of aliases.
    """
    return _copied(content, _plain_number)


def _plain_number(scalar: Any) -> Any:
    for kind in (int, float):
        if isinstance(scalar, kind) and not isinstance(scalar, bool):
            return kind(scalar)
    return scalar


def _copied(content: Any, scalar: Callable[[Any], Any]) -> Any:
    left = MAX_ENTRIES

    def copy(part: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise InputError(f"has more than {MAX_ENTRIES} entries")
        if isinstance(part, Mapping):
            return {scalar(key): copy(value) for key, value in part.items()}
        return [copy(item) for item in part] if isinstance(part, list) else scalar(part)

    return copy(content)


def dump_yaml(content: Any) -> str:
    """Plain data as a YAML text that this reader and those of YAML 1.1 understand alike."""
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False)

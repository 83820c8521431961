"""What a config varies: dotted names of parameters, such as ``network.w1.signs``, and values."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from spikeloc.config.parameters import NetworkParameters, StimulusParameters, TrainingParameters
from spikeloc.io.errors import nearest, shown


def _inside(model: type[BaseModel], path: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        kinds = get_args(field.annotation) or (field.annotation,)  # a model, or a model | None
        inner = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        for kind in inner:
            yield from _inside(kind, f"{path}.{name}")
        if not inner:
            yield f"{path}.{name}"


PARAMETERS = [
    *_inside(StimulusParameters, "stimulus"),
    *_inside(NetworkParameters, "network"),
    *_inside(TrainingParameters, "training"),
]


def _is_a_parameter(path: str) -> str:
    if path not in PARAMETERS:
        reason = f"{shown(path)} is not the dotted name of a parameter{nearest(path, PARAMETERS)}"
        raise PydanticCustomError("unknown_key", "{reason}", {"reason": reason})
    return path


DottedPath = Annotated[
    str, AfterValidator(_is_a_parameter), WithJsonSchema({"enum": PARAMETERS, "type": "string"})
]
Value = float | int | bool | str
Values = Annotated[list[Value], Field(min_length=1, max_length=1000)]


def written(value: Value) -> str:
    """A swept value as labels show it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:.12g}"


def number(value: Value) -> float | None:
    """A swept value if it is a number, else None."""
    return None if isinstance(value, str | bool) else value


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested plain data: ``base``, overridden by ``changes``. Neither is altered."""
    merged = dict(base)
    for key, value in changes.items():
        inner = merged.get(key)
        deep = isinstance(inner, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(inner, value) if deep else value  # type: ignore[arg-type]
    return merged


def nested(path: str, value: Any) -> dict[str, Any]:
    """Nested plain data with one value at a dotted path."""
    head, _, rest = path.partition(".")
    return {head: nested(rest, value) if rest else value}

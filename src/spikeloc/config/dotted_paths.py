"""Dotted names of parameters, such as ``network.w1.signs``."""

from collections.abc import Iterator
from typing import Annotated, get_args

from pydantic import AfterValidator, BaseModel, WithJsonSchema
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

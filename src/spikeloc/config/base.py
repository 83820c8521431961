"""What all models of the config have in common."""

from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

Positive = Annotated[float, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]


class Parameters(BaseModel):
    """Strict, closed and immutable: a misspelt key or a number in quotes is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class GrowingParameters(Parameters):
    """Parameters of which some are ``NEWER`` than results: at their defaults they are left out of
    files and names, which stay as they were."""

    NEWER: ClassVar[tuple[str, ...]] = ()

    @model_serializer(mode="wrap")
    def _as_before(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = write(self)
        for name in self.NEWER:
            if content.get(name) == type(self).model_fields[name].default:
                content.pop(name, None)  # there, unless only some were asked for
        return content

"""The base of all models of the config."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from spikeloc.io.errors import nearest

Positive = Annotated[float, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=64)]


class Parameters(BaseModel):
    """A strict and immutable model: a misspelt key or a number in quotes is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _has_these_keys(cls, content: Any) -> Any:
        """Refuse an unknown key as pydantic does, but with the key that was probably meant."""
        for key in content if isinstance(content, dict) else ():
            if isinstance(key, str) and key not in cls.model_fields:
                reason = f"unknown key{nearest(key, cls.model_fields)}"
                problem = PydanticCustomError("unknown_key", "{reason}", {"reason": reason})
                details = InitErrorDetails(type=problem, loc=(key,), input=content)
                raise ValidationError.from_exception_data(cls.__name__, [details])
        return content

"""The base of all models of the config."""

from collections.abc import Collection, Sequence
from numbers import Integral
from typing import Annotated, Any, ClassVar, TypeVar

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from spikeloc.io.errors import first_problem, nearest, shown

MAX_SEED = 2**63 - 1

Positive = Annotated[float, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, lt=MAX_SEED + 1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=64)]

# Files with these endings lie beside the folders that are named after experiments and conditions.
FILES = (".csv", ".json", ".jsonl", ".log", ".npz", ".pdf", ".png", ".svg", ".yaml")


def _names_a_folder(name: str) -> str:
    if name.endswith(FILES):
        raise ValueError("it becomes the name of a folder and must not end like a file")
    return name


def can_be_drawn(text: str) -> str:
    """Refuse text that figures cannot show as it is."""
    if "$" in text or not text.isprintable():  # matplotlib reads text between dollars as a formula
        raise ValueError("it is drawn into figures: one line without $ or control characters")
    return text


SafeName = Annotated[Name, AfterValidator(_names_a_folder)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(can_be_drawn)]
FILE = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$"
ProjectFile = Annotated[str, Field(pattern=rf"^{FILE}", max_length=200)]


def left_out(default: Any) -> Any:
    """A parameter that is not written at its default, so that runs keep the names that they had
    before there was such a parameter."""
    return Field(default, exclude_if=lambda value: value == default)


class Parameters(BaseModel):
    """A strict and immutable model: a misspelt key or a number in quotes is an error."""

    SECTION: ClassVar[str] = ""  # where a config has these keys, for messages

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _has_these_keys(cls, content: Any) -> Any:
        """Refuse an unknown key as pydantic does, but with the key that was probably meant; numbers
        of numpy are numbers."""
        if not isinstance(content, dict):
            return content
        for key in content:
            if isinstance(key, str) and key not in cls.model_fields:
                reason = f"unknown key{_meant(key, cls.model_fields)}"
                problem = PydanticCustomError("unknown_key", "{reason}", {"reason": reason})
                details = InitErrorDetails(type=problem, loc=(key,), input=content)
                raise ValidationError.from_exception_data(cls.__name__, [details])
        return {k: v.item() if isinstance(v, np.generic) else v for k, v in content.items()}


def _meant(key: str, known: Collection[str]) -> str:
    """The end of a message about an unknown key: a very similar one of those that are known here,
    else the section that has this key, else one that is a little similar."""
    sections = (
        f"; it is a key of {each.SECTION}"
        for each in Parameters.__subclasses__()
        if each.SECTION and key in each.model_fields
    )
    return nearest(key, known, 0.7) or next(sections, "") or nearest(key, known)


Model = TypeVar("Model", bound=Parameters)


def checked(name: str, parameters: Model | None, model: type[Model]) -> Model:
    """The same model, checked again: ``model_copy(update=...)`` makes one without any check. None
    stands for the defaults.

    Raises:
        TypeError: an argument ``name`` is something else.
        ValueError: a value is out of range; the message names the field.
    """
    if parameters is None:
        return model()
    check_kind(name, parameters, model)
    try:
        return type(parameters).model_validate(parameters.model_dump())
    except ValidationError as error:
        raise ValueError(f"{type(parameters).__name__}: {first_problem(error)}") from None


def check_distinct(name: str, values: Sequence[Any]) -> None:
    """Check a list whose entries must differ.

    Raises:
        ValueError: it holds a duplicate; the message names both.
    """
    seen = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{name} holds a duplicate: {shown(value)}")
        seen.add(value)


def check_kind(name: str, value: Any, *kinds: type) -> None:
    """Check the type of an argument.

    Raises:
        TypeError: it is none of these kinds; the message names it.
    """
    if not isinstance(value, kinds):
        wanted = " or ".join(kind.__name__ for kind in kinds)
        raise TypeError(f"{name}: must be {wanted}, not {type(value).__name__}")


def check_range(name: str, value: int, least: int, most: int) -> None:
    """Check an argument that no model holds.

    Raises:
        ValueError: it is not a whole number from ``least`` to ``most``; the message names it.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= value <= most:
        raise ValueError(
            f"{name}: must be a whole number from {least} to {most}, not {shown(value)}"
        )

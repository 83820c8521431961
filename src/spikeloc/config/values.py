"""Values of a parameter that is swept."""

from typing import Annotated

from pydantic import Field

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

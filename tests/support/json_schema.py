"""Checks against a JSON Schema."""

from typing import Any


def validator(schema: dict[str, Any]) -> Any:
    """A validator of this schema, which must be one itself."""
    from jsonschema import Draft202012Validator  # here: it takes a second, in each worker

    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)

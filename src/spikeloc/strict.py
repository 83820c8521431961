"""What all models of the config have in common."""

from pydantic import BaseModel, ConfigDict


class Parameters(BaseModel):
    """Strict, closed and immutable: a misspelt key or a number in quotes is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

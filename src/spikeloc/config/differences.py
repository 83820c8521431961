"""What tells a run from the config that it belongs to, in a few words."""

from collections.abc import Iterator
from typing import Any, Protocol

from pydantic import BaseModel

from spikeloc.config.parameters import (
    Nesting,
    NetworkParameters,
    RunParameters,
    StimulusParameters,
    TrainingParameters,
)
from spikeloc.config.swept_parameters import written

PARTS = ("stimulus", "network", "training")


class Common(Protocol):
    """Parameters that all runs of a config have in common."""

    @property
    def stimulus(self) -> StimulusParameters: ...
    @property
    def network(self) -> NetworkParameters: ...
    @property
    def training(self) -> TrainingParameters: ...


def differences(run: RunParameters, common: Common) -> str:
    """The parameters of a run that have an effect and are not the common ones, with their values:
    "tau_ms 20, w1.signs dale". Runs with other parameters have another text."""
    usual = _flat(common)
    dropped = {*_paths(run.model_dump())} - {*_paths(run.canonical())}  # without an effect
    found = [
        f"{path.partition('.')[2]} {_value(value)}"
        for path, value in _flat(run).items()
        if value != usual.get(path, ...) and path not in dropped  # a path below None is missing
    ]
    if run.nesting != Nesting():
        shared = " and ".join(run.nesting.shared)
        found.append(f"{run.nesting.networks} networks a seed with the same {shared} data")
    if run.rate_search is not None:
        rates = ", ".join(map(written, run.rate_search.learning_rates))
        found.append(f"learning_rate one of {rates} by seeds {_value(run.rate_search.seeds)}")
    return ", ".join(found) or "the common parameters"


def _flat(model: Any, path: str = "") -> dict[str, Any]:
    """Values by dotted path."""
    flat: dict[str, Any] = {}
    for name in PARTS if not path else type(model).model_fields:
        value, place = getattr(model, name), f"{path}.{name}" if path else name
        flat |= _flat(value, place) if isinstance(value, BaseModel) else {place: value}
    return flat


def _paths(tree: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, value in tree.items():
        place = f"{path}.{name}" if path else name
        yield from _paths(value, place) if isinstance(value, dict) else [place]


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "none" if value is None else written(value)

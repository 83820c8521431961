"""What tells a run from the config that it belongs to, in a few words."""

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
    dropped = {*_leaves(run.model_dump())} - {*_leaves(run.canonical())}  # without an effect
    found = [
        _told(path, value)
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


def changed(changes: dict[str, Any]) -> str:
    """Changed parameters with their values, from nested data: "phase per_dataset"."""
    return ", ".join(_told(*leaf) for leaf in _leaves(changes).items()) or "nothing changed"


def _flat(model: Any, path: str = "") -> dict[str, Any]:
    """Values by dotted path."""
    flat: dict[str, Any] = {}
    for name in PARTS if not path else type(model).model_fields:
        value, place = getattr(model, name), f"{path}.{name}" if path else name
        flat |= _flat(value, place) if isinstance(value, BaseModel) else {place: value}
    return flat


def _leaves(tree: dict[str, Any], path: str = "") -> dict[str, Any]:
    leaves: dict[str, Any] = {}
    for name, value in tree.items():
        place = f"{path}.{name}" if path else name
        leaves |= _leaves(value, place) if isinstance(value, dict) else {place: value}
    return leaves


def _told(path: str, value: Any) -> str:
    return f"{path.partition('.')[2]} {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "none" if value is None else written(value)

"""What a run is called in tables: the first columns of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class RunNames:
    """The names of one condition of one experiment under one variant.

    ``parameter`` and ``value`` say what a sweep varies; they are empty where conditions are named.
    """

    experiment: str
    condition: str
    label: str
    parameter: str
    value: float | None
    recipe: str
    variant: str

    @property
    def path(self) -> str:
        """Its folder below ``results/runs``."""
        return run_path(self.columns())

    def columns(self, *names: str) -> dict[str, Any]:
        """The first columns of its rows in a table: all of its names, or only these."""
        return {name: getattr(self, name) for name in names or RUN_NAMES}


RUN_NAMES = [field.name for field in fields(RunNames)]
# What tells runs apart, and networks.
RUN_KEY = ["experiment", "condition", "variant"]
NETWORK_KEY = [*RUN_KEY, "seed", "network"]
# What stands before a summary over seeds, and in the tables of the starting phase.
SUMMARY_NAMES = [name for name in RUN_NAMES if name != "recipe"]
PHASE_NAMES = ["experiment", "condition", "label", "variant"]


def full_label(parameter: str, label: str) -> str:
    """The label of a run after the last word of the swept parameter: "fraction 0.5"."""
    return f"{parameter.split('_')[-1]} {label}".strip()


def run_path(names: Mapping[str, Any]) -> str:
    """A run's path, experiment/condition/variant."""
    return "/".join(str(names[name]) for name in RUN_KEY)

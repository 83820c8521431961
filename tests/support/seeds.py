"""Tables of runs with a given accuracy for every seed."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from spikeloc.metrics import declared


def run_row(condition: str, seed: int, accuracy: float, **more: Any) -> dict[str, Any]:
    """One network; all metrics but the test accuracy are 1."""
    about: dict[str, Any] = {
        "experiment": "e",
        "condition": condition,
        "label": f"label {condition}",
    }
    about |= {"parameter": "", "value": math.nan, "variant": "published"}
    about |= {"seed": seed, "network": 1}
    measured = dict.fromkeys(declared.metric_names(), 1.0)
    return about | measured | {"test_accuracy": accuracy, "diverged": False} | more


def runs_of_seeds(**accuracies: Sequence[float]) -> pd.DataFrame:
    """Conditions by name, seeds from 1."""
    return pd.DataFrame(
        [
            run_row(condition, seed, value)
            for condition, values in accuracies.items()
            for seed, value in enumerate(values, 1)
        ]
    )


def rows_of(table: pd.DataFrame, metric: str = "test_accuracy") -> list[dict[str, Any]]:
    """A long table's rows about one metric."""
    return table[table["metric"] == metric].to_dict("records")

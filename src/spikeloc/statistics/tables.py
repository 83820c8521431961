"""From the files of trained ensembles to the tables that people read."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pandas as pd

from spikeloc.io.files import read_table

RUN_COLUMNS = [
    "experiment",
    "condition",
    "label",
    "parameter",
    "value",
    "recipe",
    "variant",
    "seed",
    "model",
    "epochs",
    "best_epoch",
    "stopped_early",
    "diverged",
    "train_loss",
    "val_loss",
    "train_accuracy",
    "test_accuracy",
    "train_abs_error_deg",
    "test_abs_error_deg",
    "test_class_error_deg",
    "hidden_rate_hz",
    "network",
    "test_information_bits",
    "w1_dead_percent",
    "w2_dead_percent",
    "w1_entropy_start",
    "w2_entropy_start",
    "w1_entropy",
    "w2_entropy",
    "start_rate_hz",
]


TYPES: dict[str, Any] = {
    "condition": str,
    "reference": str,
    "label": str,
    "parameter": str,
    "value": float,
    "best_epoch": "Int64",
    "inside": "boolean",
    "borderline": "boolean",
}


def read_experiment_table(path: str | Path) -> pd.DataFrame:
    """Read a table of runs or their summary; labels are text even where they look like numbers."""
    return read_table(path, **TYPES).fillna({"parameter": "", "shared": ""})


def labelled(path: str | Path, about: Mapping[str, Any]) -> pd.DataFrame:
    """An ensemble's table with what its run is called in front of every row."""
    table = read_table(path, **TYPES)
    for position, (column, content) in enumerate(about.items()):
        table.insert(position, column, content)
    return table


def named(table: pd.DataFrame, networks: pd.DataFrame, about: Mapping[str, Any]) -> pd.DataFrame:
    """An ensemble's table with what its run is called and with each network's seed and number in place
    of its place in the ensemble; without the networks that have diverged.

    networks: a row a network in the ensemble's order: ``seed``, ``network``, ``diverged``.
    """
    of_row = networks.iloc[table["place"]].reset_index(drop=True)
    rest = table.drop(columns="place").reset_index(drop=True)
    joined = pd.concat([of_row[["seed", "network"]], rest], axis=1)
    for position, (column, content) in enumerate(about.items()):
        joined.insert(position, column, content)
    return joined[~of_row["diverged"].to_numpy(bool)]


def without_diverged(table: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """A table's rows of the networks that have not diverged: the others are never averaged in."""
    key = ["experiment", "condition", "variant", "seed", "network"]
    diverged = pd.MultiIndex.from_frame(runs.loc[runs["diverged"], key])
    return table[~pd.MultiIndex.from_frame(table[key]).isin(diverged)]


def join(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Tables below each other, in the order given."""
    return pd.concat(list(parts), ignore_index=True)


def by_network(rows: pd.DataFrame, column: str) -> npt.NDArray[Any]:
    """A column of one run's tests round the cycle as (networks, offsets)."""
    return rows[column].to_numpy().reshape(-1, rows["offset_cycles"].nunique())

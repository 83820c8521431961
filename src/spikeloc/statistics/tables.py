"""From tables of single ensembles to those of experiments: names are put in front, rows joined."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy.typing as npt
import pandas as pd

from spikeloc.config.run_names import NETWORK_KEY, RUN_KEY


def with_run_names(table: pd.DataFrame, run_names: Mapping[str, Any]) -> pd.DataFrame:
    """A table with the names of its run in front of every row."""
    named = table.copy()
    for position, (column, name) in enumerate(run_names.items()):
        named.insert(position, column, name)
    return named


def with_run_and_network(
    table: pd.DataFrame, networks: pd.DataFrame, run_names: Mapping[str, Any]
) -> pd.DataFrame:
    """An ensemble's table with the names of its run, and with the seed and the number of each
    network instead of its index in the ensemble; without the networks that have diverged.

    Args:
        table: any table with a column ``network_index``, from 0.
        networks: one row for each network in the ensemble's order: ``seed``, ``network``,
            ``diverged``.
    """
    network_of_row = networks.iloc[table["network_index"]].reset_index(drop=True)
    rest = table.drop(columns="network_index").reset_index(drop=True)
    joined = pd.concat([network_of_row[["seed", "network"]], rest], axis=1)
    return with_run_names(joined, run_names)[~network_of_row["diverged"].to_numpy(bool)]


def without_diverged(table: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """A table's rows of the networks that have not diverged: the others are never averaged in."""
    diverged = pd.MultiIndex.from_frame(runs.loc[runs["diverged"], NETWORK_KEY])
    return table[~pd.MultiIndex.from_frame(table[NETWORK_KEY]).isin(diverged)]


def join(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Tables below each other, in the order given."""
    return pd.concat(list(parts), ignore_index=True)


def run_paths(table: pd.DataFrame) -> pd.Series:
    """The path of each row's run, experiment/condition/variant."""
    experiment, condition, variant = (table[name] for name in RUN_KEY)
    return experiment + "/" + condition + "/" + variant


def networks_by_offset(rows: pd.DataFrame, column: str) -> npt.NDArray[Any]:
    """A column of one run's tests round the cycle as (networks, offsets)."""
    return rows[column].to_numpy().reshape(-1, rows["offset_cycles"].nunique())

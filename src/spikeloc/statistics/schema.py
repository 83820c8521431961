"""What a table of results has to look like: its columns in order, their meanings, units and types.

pandera does the same, but importing it would make every job start half a second later.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from spikeloc.io import files
from spikeloc.io.errors import InputError
from spikeloc.statistics.tables import join, with_run_names

Kind = Literal["text", "number", "whole number", "true or false"]
# What pandas reads a column as, and what one with empty cells.
DTYPES: dict[Kind, tuple[Any, Any]] = {
    "text": (str, str),
    "number": (float, float),
    "whole number": ("int64", "Int64"),
    "true or false": (bool, "boolean"),
}


@dataclass(frozen=True)
class Column:
    """A column of a table. ``may_be_empty``: a whole number or a truth value may be missing; a
    missing number is NaN, a missing text is empty."""

    name: str
    meaning: str
    unit: str = ""
    kind: Kind = "number"
    may_be_empty: bool = False


@dataclass(frozen=True)
class Table:
    """A table of results: ``file`` is where it lies, ``key`` the columns that tell its rows apart.

    ``further``: what other columns may follow, if any may; ``further_key``: whether they tell rows
    apart as well.
    """

    name: str
    file: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    further: str = ""
    further_key: bool = False

    @property
    def names(self) -> list[str]:
        """Its columns, in order."""
        return [column.name for column in self.columns]

    def without(self, names: Iterable[str]) -> "Table":
        """The table without some of its columns."""
        left_out = set(names)
        columns = tuple(column for column in self.columns if column.name not in left_out)
        key = tuple(name for name in self.key if name not in left_out)
        return replace(self, columns=columns, key=key)

    def dtypes(self) -> Mapping[str, Any]:
        """By column, what pandas reads it as."""
        return {each.name: DTYPES[each.kind][each.may_be_empty] for each in self.columns}

    def in_order(self, columns: Sequence[str]) -> list[str]:
        """The columns of such a table in the order in which it has them, others behind.

        Raises:
            ValueError: naming the columns that are missing or unknown.
        """
        further = [name for name in columns if name not in self.names]
        missing = [name for name in self.names if name not in columns]
        problems = [f"has no column {', '.join(missing)}"] if missing else []
        if further and not self.further:
            problems.append(f"has unknown columns: {', '.join(further)}")
        if problems:
            raise ValueError(f"not a table {self.name!r}: {'; '.join(problems)}")
        return self.names + further


def read_table(path: str | Path, table: Table) -> pd.DataFrame:
    """Read a table of results. Text stays text, even where it looks like a number.

    Raises:
        InputError: the file is missing or damaged, or has other columns than the table should.
    """
    frame = files.read_table(path, **table.dtypes())
    try:
        frame = frame[table.in_order(list(frame))]
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None
    return frame.fillna(dict.fromkeys(_text_columns(table), ""))


def read_tables(paths: Iterable[str | Path], table: Table) -> pd.DataFrame:
    """Read tables of one kind, and join them in the order given.

    Raises:
        InputError: one is missing or damaged, or has other columns than the table should.
    """
    return join(read_table(path, table) for path in paths)


def read_run_table(path: str | Path, run_names: Mapping[str, Any], table: Table) -> pd.DataFrame:
    """Read an ensemble's table, and put the names of its run in front of every row.

    Raises:
        InputError: the file is missing or damaged, or has other columns than the table should.
    """
    return with_run_names(read_table(path, table.without(run_names)), run_names)


def write_table(path: str | Path, frame: pd.DataFrame, table: Table) -> None:
    """Write a table of results, its columns in their order.

    Raises:
        ValueError: columns are missing or unknown, or two rows have the same key.
    """
    frame = frame[table.in_order(list(frame))]
    further = frame.columns[len(table.columns) :] if table.further_key else []
    repeated = frame[frame.duplicated([*table.key, *further])]
    if len(repeated):
        row = repeated.iloc[0]
        key = ", ".join(f"{name} {row[name]}" for name in table.key)
        raise ValueError(f"not a table {table.name!r}: two rows have {key}")
    files.write_table(path, frame)


def _text_columns(table: Table) -> Iterator[str]:
    return (column.name for column in table.columns if column.kind == "text")

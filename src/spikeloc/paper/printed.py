"""Values that were printed elsewhere for the protocol of an experiment, as a table.

An experiment names a CSV file (``printed:``) with one row for each value and these columns:

- ``condition``: a condition of the experiment;
- ``metric``: a column of ``runs.csv``, or the training loss after an epoch (from 0):
  ``first_epoch_loss``, ``epoch_1_loss``, ..., ``last_epoch_loss``;
- ``printed``: the value, in percent, degrees or nats;
- optional: ``value`` of the swept parameter; ``sessions``, the number of runs over which the
  printed value is a mean (1 if left out); ``session``, the number of this session, from 0 (if left
  out, in the order of the rows); ``printed_sd``, the sd over these sessions; ``shared``, the data
  sets that they have in common; ``digitising_error``, the largest error of a value read from a
  figure; ``source``; ``variant``, the variant of the config that repeats the protocol.
"""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from spikeloc.config.parameters import DataSetName
from spikeloc.io.errors import InputError, nearest, shown
from spikeloc.io.files import read_table
from spikeloc.metrics import declared
from spikeloc.statistics.declared_tables import table

REQUIRED = ["condition", "metric", "printed"]
OTHERS: dict[str, Any] = {
    "value": float("nan"),
    "printed_sd": float("nan"),
    "sessions": 1,
    "session": 0,
    "shared": "",
    "digitising_error": float("nan"),
    "source": "",
    "variant": "",
}
TEXTS = ["condition", "metric", "shared", "source", "variant"]
EPOCH_LOSS = re.compile(r"(first_epoch|last_epoch|epoch_[0-9]+)_loss")
# The smallest possible value of each column of numbers; "printed" depends on the metric.
LEAST = {"printed": -math.inf, "value": -math.inf, "printed_sd": 0, "digitising_error": 0}
LEAST_WHOLE = {"sessions": 1, "session": 0}


def read_printed(path: str | Path) -> pd.DataFrame:
    """Read a file of printed values.

    Raises:
        InputError: there is no row or an incomplete one, a column is missing or unknown, a metric
            or a data set is unknown, or a number is impossible; the message names the file.
    """
    table = read_table(path, **dict.fromkeys(TEXTS, str))
    for column in REQUIRED:
        if column not in table:
            raise InputError(f"{path}: has no column {column!r}, only {shown(', '.join(table))}")
    for column in table:
        if column not in REQUIRED and column not in OTHERS:
            similar = nearest(column, [*REQUIRED, *OTHERS])
            raise InputError(f"{path}: unknown column {column!r}{similar}")
    numbered = "session" in table
    table = table.assign(**{name: table.get(name, default) for name, default in OTHERS.items()})
    left_out = ("sessions", "session", "shared", "source", "variant")
    table = table.fillna({name: OTHERS[name] for name in left_out})
    for column in [*LEAST, *LEAST_WHOLE]:
        table[column] = _numbers(table[column], path)
    if table.empty or table[REQUIRED].isna().any(axis=None):
        reason = "has no rows" if table.empty else f"a row lacks one of: {', '.join(REQUIRED)}"
        raise InputError(f"{path}: {reason}")
    one = ["condition", "variant", "metric"]
    if not numbered:
        table["session"] = table.groupby(one).cumcount()
    for row in table[table.duplicated([*one, "session"])].itertuples():
        about = f"{row.metric} of {row.condition} in session {row.session}"
        raise InputError(f"{path}: two rows hold the {about}")
    for name, value in zip(table["metric"], table["printed"], strict=True):
        metric = declared.metric("train_loss" if EPOCH_LOSS.fullmatch(name) else name)
        if metric is None:
            similar = nearest(name, declared.metric_names())
            raise InputError(
                f"{path}: {shown(name)} is neither a metric of runs.csv (see docs/tables.md) nor "
                f"the loss of an epoch{similar}"
            )
        if not 0 <= value <= metric.highest:
            raise InputError(f"{path}: {name} cannot be {value:g}")
    for name in " ".join(table["shared"]).split():
        if name not in get_args(DataSetName):
            known = ", ".join(get_args(DataSetName))
            raise InputError(f"{path}: column 'shared': {shown(name)} is none of: {known}")
    return table


def _numbers(column: pd.Series, path: str | Path) -> pd.Series:
    """The numbers of a column; anything else, and a number that is too small, is refused."""
    is_whole = column.name in LEAST_WHOLE
    least = (LEAST | LEAST_WHOLE)[str(column.name)]
    numbers = pd.to_numeric(column, errors="coerce").astype(float)
    wrong = column.notna() & ~(numbers >= least) | is_whole & (numbers % 1 != 0)
    for value in column[wrong]:
        kind = "a whole number" if is_whole else "a number"
        at_least = "" if least == -math.inf else f" of at least {least}"
        typed = shown(value) if isinstance(value, str) else f"{value:g}"
        raise InputError(f"{path}: column {column.name!r}: must be {kind}{at_least}, not {typed}")
    return numbers.astype(int) if is_whole else numbers


@dataclass(frozen=True)
class Repeated:
    """An experiment that repeats the protocol of printed values.

    ``variant``: the variant that does, where the file names none; empty if that is not clear.
    ``swept``: the parameter of a sweep or the first one of a grid, else empty; a file may hold more
    of its values than the experiment has.
    """

    conditions: Collection[str]
    variants: Collection[str]
    variant: str
    swept: str

    def check(self, table: pd.DataFrame, path: str | Path) -> None:
        """Check that the experiment has the conditions and variants of a file of printed values.

        Raises:
            InputError: it does not; the message names the file.
        """
        for name in table["condition"]:
            another_value = self.swept and name.startswith(f"{self.swept}-")
            if name not in self.conditions and not another_value:
                similar = nearest(name, self.conditions)
                raise InputError(f"{path}: the experiment has no condition {shown(name)}{similar}")
        for name in table["variant"]:
            if name not in self.variants:
                wrong = f"{shown(name)} is none of" if name else "name one of"
                known = ", ".join(self.variants)
                raise InputError(f"{path}: column 'variant': {wrong}: {known}")


def printed_table(
    files: Mapping[str, str | Path], experiments: Mapping[str, Repeated]
) -> pd.DataFrame:
    """The printed values of all experiments; ``files``: path of the CSV file by experiment.

    Raises:
        InputError: a file is not what :func:`read_printed` reads, or is about a condition or a
            variant that its experiment does not have.
    """
    parts = []
    for name, path in files.items():
        part, repeated = read_printed(path), experiments[name]
        part["variant"] = part["variant"].replace("", repeated.variant)
        repeated.check(part, path)
        parts.append(part.assign(experiment=name))
    columns = table("printed").names
    return pd.concat(parts or [pd.DataFrame(columns=columns)])[columns]


def printed_losses(printed: pd.DataFrame) -> pd.DataFrame:
    """The training losses that were printed for every epoch, in the order of epochs: columns
    ``experiment``, ``condition``, ``epoch`` (from 0), ``loss`` (nats), ``variant``, ``session``.

    Sessions without losses of all epochs are left out.
    """
    parts = []
    names = ["experiment", "condition", "variant", "session"]
    for key, rows in printed.groupby(names, sort=False):
        losses = rows.set_index("metric")["printed"]
        between = [name for name in losses.index if str(name).startswith("epoch_")]
        if between and {"first_epoch_loss", "last_epoch_loss"} <= {*losses.index}:
            order = ["first_epoch_loss", *between, "last_epoch_loss"]
            epochs = {"epoch": range(len(order)), "loss": losses[order].to_numpy()}
            parts.append(pd.DataFrame(dict(zip(names, key, strict=True)) | epochs))
    columns = table("printed_losses").names
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)

"""From the files that a panel is drawn from to what its `draw` wants."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.io.files import read_arrays
from spikeloc.io.weight_files import read_weights
from spikeloc.statistics.tables import read_experiment_table


def read_inputs(files: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    """Read each named file by its kind: a table (several make one), arrays, or the weights of
    several runs.

    Raises:
        InputError: a file is missing or damaged.
    """
    return {name: _read(source) for name, source in files.items()}


def _read(source: str | Sequence[str]) -> Any:
    if isinstance(source, str):
        return read_arrays(source) if source.endswith(".npz") else read_experiment_table(source)
    if all(path.endswith(".csv") for path in source):
        return pd.concat([read_experiment_table(path) for path in source], ignore_index=True)
    return {Path(path).parents[1].name: _first_network(path) for path in source}


def _first_network(path: str) -> dict[str, npt.NDArray[np.float32]]:
    return {name: ensemble[0] for name, ensemble in read_weights(path)[1].items()}

"""Read the files that a panel is drawn from into the arguments of its `draw`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.io.files import read_arrays
from spikeloc.io.weight_files import read_weights
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table


def read_inputs(files: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    """Read each input by its kind: tables (several are joined), arrays, or the weights of the first
    network of each run by its path, experiment/condition/variant.

    Raises:
        InputError: a file is missing or damaged.
    """
    return {name: _read(source) for name, source in files.items()}


def _read(source: str | Sequence[str]) -> Any:
    paths = [source] if isinstance(source, str) else list(source)
    if all(path.endswith(".safetensors") for path in paths):
        return {"/".join(Path(path).parts[-4:-1]): _first_network(path) for path in paths}
    if isinstance(source, str) and source.endswith(".npz"):
        return read_arrays(source)
    tables = [read_table(path, table(Path(path).stem)) for path in paths]
    return tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


def _first_network(path: str) -> dict[str, npt.NDArray[np.float32]]:
    return {name: ensemble[0] for name, ensemble in read_weights(path)[1].items()}

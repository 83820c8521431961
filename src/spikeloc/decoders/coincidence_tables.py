"""The hand-built localiser at all envelope powers: what its results become when joined."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.statistics.summaries import summarise

METRICS = ("accuracy", "abs_error_deg", "class_error_deg")

Arrays = dict[str, npt.NDArray[Any]]


def summary_table(scored: pd.DataFrame) -> pd.DataFrame:
    """One row per envelope power, variant and metric: ``summarise`` over seeds."""
    rows = []
    for (power, variant), group in scored.groupby(["envelope_power", "variant"], sort=False):
        about = {"envelope_power": power, "variant": variant}
        rows += [about | {"metric": name} | summarise(group[name]) for name in METRICS]
    return pd.DataFrame(rows)


def joined_tuning(parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> Arrays:
    """Tuning at each of several powers, one array each: ``envelope_power`` (powers,), ``variant``
    (variants,), ``edges_deg``, ``spikes_per_pair`` (powers, variants, classes, bins)."""
    each_power = ("envelope_power", "spikes_per_pair")
    joined = {name: np.stack([part[name] for part in parts]) for name in each_power}
    return joined | {name: parts[0][name] for name in ("variant", "edges_deg")}

"""The results of the hand-built localiser at all envelope powers, put together
(docs/model.md, "Hand-built localiser")."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.statistics.summaries import over_seeds

METRICS = ("accuracy", "abs_error_deg", "class_error_deg")

Arrays = dict[str, npt.NDArray[Any]]


def summary_table(scored: pd.DataFrame) -> pd.DataFrame:
    """One row per envelope power, variant and metric, summarised over seeds."""
    return over_seeds(scored, ["envelope_power", "variant"], METRICS)


def joined_tuning(parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> Arrays:
    """Tuning at each of several powers, one array each: ``envelope_power`` (powers,), ``variant``
    (variants,), ``edges_deg``, ``spikes_per_pair`` (powers, variants, classes, bins)."""
    each_power = ("envelope_power", "spikes_per_pair")
    joined = {name: np.stack([part[name] for part in parts]) for name in each_power}
    return joined | {name: parts[0][name] for name in ("variant", "edges_deg")}

"""Firing rates, silent units and the distribution of weights of an ensemble
(docs/model.md, "Analysis of trained networks")."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

# Of the bound of the uniform distribution that weights start from: 5 % of them start below.
NEAR_ZERO_SHARE = 0.05
PERCENTILES = (5, 25, 50, 75, 95)


def weight_statistics(layer: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float64]]:
    """Of one layer's weights (networks, presynaptic, postsynaptic), each (networks,).

    Magnitudes are in units of the bound of the initial weights, 1/sqrt(columns). Returns the
    share in percent of those below ``NEAR_ZERO_SHARE``, and percentiles.
    """
    magnitude = np.abs(layer.reshape(len(layer), -1).astype(np.float64)) * np.sqrt(layer.shape[2])
    percentiles = np.percentile(magnitude, PERCENTILES, axis=1)
    shares = {"near_zero_percent": 100 * (magnitude < NEAR_ZERO_SHARE).mean(axis=1)}
    return shares | {f"p{p}": row for p, row in zip(PERCENTILES, percentiles, strict=True)}


def statistics_table(
    weights: Mapping[str, npt.NDArray[np.float32]],
    counts: npt.NDArray[np.floating],
    duration_ms: float,
) -> pd.DataFrame:
    """One row for each network: its ``network_index`` in the ensemble, the mean rate of its hidden
    units in sp/s, percent of them that spiked in no trial, mean rate of the others, and
    :func:`weight_statistics`.

    Args:
        weights: signed weights by layer, each (networks, presynaptic, postsynaptic).
        counts: spikes of the hidden units in each trial, (networks, samples, hidden).
        duration_ms: of a trial.
    """
    rate_hz = counts.mean(axis=1, dtype=np.float64) / (duration_ms / 1000)
    active = rate_hz > 0
    number = active.sum(axis=1)
    total, none = rate_hz.sum(axis=1), np.full(len(counts), np.nan)
    columns = {
        "network_index": np.arange(len(counts)),
        "hidden_rate_hz": rate_hz.mean(axis=1),
        "silent_percent": 100 * (1 - active.mean(axis=1)),
        "active_rate_hz": np.divide(total, number, out=none, where=number > 0),
    }
    for name, layer in weights.items():
        made = weight_statistics(layer)
        columns |= {f"{name}_{key}": values for key, values in made.items()}
    return pd.DataFrame(columns)

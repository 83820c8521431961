"""Tuning curves of trained units (docs/model.md, "Analysis of trained networks").

A hidden unit's response to a trial is its spike count, an output's the sum of its potential over
time. All networks of one seed are tested on the same trials: the same number of them at each of
several IPDs, each with a starting phase of its own.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.analysis.gaussian_fit import fit_gaussians
from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.stimulus.generator import DataSet, Trials, draw_spikes, draw_trials

PURPOSE = "tuning"

Floats = npt.NDArray[np.float64]


def ipd_grid_rad(ipds: int) -> Floats:
    """IPDs (ipds,) in the middle of as many equal parts of -90 to 90 degrees."""
    return ((np.arange(ipds) + 0.5) / ipds - 0.5) * math.pi


def tuning_trials(
    stimulus: StimulusParameters, seed: int, ipds: int, trials: int, backend: Backend = "auto"
) -> DataSet:
    """A seed's trials, (ipds * trials,): all of the first IPD, then all of the next.

    Each has its own starting phase, whatever ``stimulus.phase`` is.
    """
    per_sample = stimulus.model_copy(update={"phase": "per_sample"})
    phases = draw_trials(per_sample, seed, PURPOSE, ipds * trials).phase_cycles
    chosen = Trials(ipd_grid_rad(ipds).repeat(trials), phases)
    return DataSet(chosen, draw_spikes(stimulus, seed, PURPOSE, chosen, 0, backend))


def tuning_curves(responses: npt.NDArray[Any], ipds: int) -> Floats:
    """Mean response (networks, units, ipds) to each IPD of responses (networks, samples, units)
    to the trials of :func:`tuning_trials`."""
    networks, samples, units = responses.shape
    by_ipd = responses.reshape(networks, ipds, samples // ipds, units)
    return by_ipd.mean(axis=2, dtype=np.float64).swapaxes(1, 2)


def unit_table(curves: Mapping[str, Floats], silent: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """One row for each unit: ``network_index`` in the ensemble, layer, unit (both from 0), kind
    and fit.

    Args:
        curves: (networks, units, ipds) by layer, "hidden" and "output", on :func:`ipd_grid_rad`.
        silent: hidden units (networks, hidden) without a spike in any trial.
    """
    parts = []
    for layer, made in curves.items():
        networks, units, ipds = made.shape
        fits = fit_gaussians(np.degrees(ipd_grid_rad(ipds)), made.reshape(-1, ipds))
        mute = silent.ravel() if layer == "hidden" else np.zeros(networks * units, dtype=bool)
        columns = {
            "network_index": np.arange(networks).repeat(units),
            "layer": layer,
            "unit": np.tile(np.arange(units), networks),
            "kind": np.where(mute, "silent", fits.kinds()),
            "mean_response": made.mean(axis=2).ravel(),
        }
        parts.append(pd.DataFrame(columns | vars(fits)))
    return pd.concat(parts, ignore_index=True)

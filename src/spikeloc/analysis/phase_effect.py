"""Trained networks tested all round the cycle: what the starting phase does
(docs/model.md, "Analysis of trained networks").

A network trained at one starting phase is tested at that phase plus 0, 1/P, 2/P, ... cycles, one
trained at a phase for each sample at 0, 1/P, 2/P, ... cycles: that is its ``offset_cycles``.

Each seed has test data of its own, with fresh IPDs and fresh spikes at each phase. So the chance in
every accuracy is binomial, and independent between phases and between seeds: a mean over seeds has
an interval that covers it. Runs of one stimulus are tested on the same data, seed by seed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.loaded_run import LoadedRun, common_stimulus
from spikeloc.stimulus.generator import DataSet, draw_spikes, draw_trials

PURPOSE = "phase_effect"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PhaseScores:
    """Scores of an ensemble, all (networks, phases): accuracy in percent, error between midpoints
    of classes in degrees, and the test's phase. ``training_phase_cycles`` (networks,) is NaN for
    networks that were trained at a phase for each sample."""

    training_phase_cycles: Floats
    test_phase_cycles: Floats
    accuracy: Floats
    class_error_deg: Floats


def training_phase_cycles(stimulus: StimulusParameters, seed: int) -> float:
    """The starting phase that a seed's networks are trained at; NaN if each sample has its own."""
    if stimulus.phase == "per_sample":
        return math.nan
    return float(draw_trials(stimulus, seed, "training", 1).phase_cycles[0])


def phase_grid_cycles(stimulus: StimulusParameters, seed: int, phases: int) -> Floats:
    """The starting phases (phases,) that a seed's networks are tested at."""
    training = training_phase_cycles(stimulus, seed)
    start = 0.0 if math.isnan(training) else training
    return (start + np.arange(phases) / phases) % 1


def phase_test_set(
    stimulus: StimulusParameters,
    seed: int,
    samples: int,
    position: int,
    phase_cycles: float,
    backend: Backend = "auto",
) -> DataSet:
    """A seed's test data at one starting phase, which is the ``position``-th of several (from 0).

    They are samples ``position * samples`` and following of one data set.
    """
    first = position * samples
    trials = draw_trials(stimulus, seed, PURPOSE, samples, first).at_phase(phase_cycles)
    return DataSet(trials, draw_spikes(stimulus, seed, PURPOSE, trials, first, backend))


def score_by_phase(
    runs: Sequence[LoadedRun], phases: int, samples: int, backend: Backend = "auto"
) -> list[PhaseScores]:
    """Test every network of several runs at ``phases`` offsets, ``samples`` samples at each.

    Raises:
        ValueError: the runs are not of one stimulus.
    """
    stimulus = common_stimulus(runs)
    seeds = dict.fromkeys(seed for run in runs for seed in run.seeds)
    grid = {seed: phase_grid_cycles(stimulus, seed, phases) for seed in seeds}
    scores = [_unscored(run, grid) for run in runs]
    for position in range(phases):
        data = {
            seed: phase_test_set(stimulus, seed, samples, position, phase[position], backend)
            for seed, phase in grid.items()
        }
        for run, made in zip(runs, scores, strict=True):
            own = [data[seed] for seed in run.seeds]
            classes = run.network.classes
            together = EnsembleData.from_data_sets(own, classes, torch.device("cpu"))
            result = evaluate(run.network, together)
            made.accuracy[:, position] = result.accuracy()
            made.class_error_deg[:, position] = result.class_error_deg()
    return scores


def _unscored(run: LoadedRun, grid: Mapping[int, Floats]) -> PhaseScores:
    stimulus = run.parameters.stimulus
    training = np.array([training_phase_cycles(stimulus, seed) for seed in run.seeds])
    test = np.stack([grid[seed] for seed in run.seeds])
    return PhaseScores(training, test, np.empty_like(test), np.empty_like(test))


def phase_table(
    scores: PhaseScores, networks: pd.DataFrame, samples: int, run_names: Mapping[str, str]
) -> pd.DataFrame:
    """Long table, network after network, by ascending offset; no scores where one has diverged.

    Args:
        networks: one row for each network in the ensemble's order: ``seed``, ``network``,
            ``diverged``.
        run_names: the first columns.
    """
    count, phases = scores.accuracy.shape
    kept = ~networks["diverged"].to_numpy(bool)[:, None]
    columns = {name: networks[name].to_numpy().repeat(phases) for name in ("seed", "network")}
    columns |= {
        "training_phase_cycles": scores.training_phase_cycles.repeat(phases),
        "test_phase_cycles": scores.test_phase_cycles.ravel(),
        "offset_cycles": np.tile(np.arange(phases) / phases, count),
        "accuracy": np.where(kept, scores.accuracy, np.nan).ravel(),
        "class_error_deg": np.where(kept, scores.class_error_deg, np.nan).ravel(),
    }
    return pd.DataFrame({**run_names, **columns, "samples": samples})

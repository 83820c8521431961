"""The hand-built localiser chosen on validation data and scored on test data
(docs/model.md, "Hand-built localiser").

One envelope power at a time: every combination of the config's weights, time constants and numbers
of pairs is tried on the first samples of each seed's validation data, of all variants together. The
best of them, the first in a tie, is tested on the very test sets of the trained networks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from scipy.stats import binned_statistic

from spikeloc.config.coincidence import Coincidence
from spikeloc.config.ensemble_plan import in_blocks
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.decoders.coincidence import (
    Floats,
    count_spikes,
    delay_pairs,
    estimated_class,
    localiser,
    needs_both_ears,
    spikes_per_pair,
)
from spikeloc.metrics import scores
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.stimulus.generator import DataSet
from spikeloc.stimulus.manifests import read_data_sets

SETTINGS = ["weight", "tau_ms", "pairs_per_class"]
TUNING_EDGES_DEG = np.linspace(-90, 90, 37)


@dataclass(frozen=True)
class Outcome:
    """Of one envelope power: a row for each combination tried, a row for each variant and seed, and
    the tuning of the chosen banks: ``envelope_power``, ``variant`` (variants,), ``edges_deg`` of
    the bins of IPD, and mean ``spikes_per_pair`` (variants, classes, bins)."""

    search: pd.DataFrame
    scores: pd.DataFrame
    tuning: dict[str, npt.NDArray[Any]]


def choose_and_score(
    runs: Mapping[str, RunParameters],
    manifests: Mapping[str, Sequence[str | Path]],
    seeds: Sequence[int],
    grid: Coincidence,
    backend: Backend = "auto",
) -> Outcome:
    """Choose the detectors of one envelope power and test them.

    Args:
        runs: by variant; alike except for the starting phase.
        manifests: by variant, one for each block of the seeds.

    Raises:
        InputError: a manifest is missing or damaged or belongs elsewhere.
    """
    data = {
        variant: read_data(run, seeds, manifests[variant], grid.search_samples, backend)
        for variant, run in runs.items()
    }
    run = next(iter(runs.values()))
    search = search_table(run, [each["validation"] for each in data.values()], grid, backend)
    chosen = search.loc[search["chosen"], SETTINGS].to_dict("records")[0]
    rows, tuning = [], []
    for variant, sets in data.items():
        means, curves = score_localiser(runs[variant], sets["test"], chosen, backend)
        first = {"envelope_power": run.stimulus.envelope_power, "variant": variant}
        first |= {"phase": runs[variant].stimulus.phase, "seed": seeds}
        rows.append(pd.DataFrame(first | means | chosen | {"samples": sets["test"].samples}))
        tuning.append(curves)
    arrays = {
        "envelope_power": np.array(run.stimulus.envelope_power),
        "variant": np.array(list(data)),
        "edges_deg": TUNING_EDGES_DEG,
        "spikes_per_pair": np.stack(tuning),
    }
    return Outcome(search, pd.concat(rows, ignore_index=True), arrays)


def read_data(
    run: RunParameters,
    seeds: Sequence[int],
    manifests: Sequence[str | Path],
    search_samples: int,
    backend: Backend = "auto",
) -> dict[str, EnsembleData]:
    """The seeds' test data, and the first samples of their validation data."""
    sizes = {name: run.samples_by_purpose()[name] for name in ("validation", "test")}
    sets: dict[str, list[DataSet]] = {name: [] for name in sizes}
    first = {"validation": search_samples}
    for block, path in zip(in_blocks(seeds), manifests, strict=True):
        for _, made in read_data_sets(path, run.stimulus, block, sizes, backend, first):
            for name, each in made.items():
                sets[name].append(each)
    cpu = torch.device("cpu")
    return {
        name: EnsembleData.from_data_sets(each, run.network.classes, cpu)
        for name, each in sets.items()
    }


def search_table(
    run: RunParameters,
    validation: Sequence[EnsembleData],
    grid: Coincidence,
    backend: Backend = "auto",
) -> pd.DataFrame:
    """Accuracy in percent of every combination on all of the data, and which one is chosen."""
    stimulus = run.stimulus
    every = delay_pairs(stimulus.fibres_per_ear, run.network.classes)
    true = np.concatenate([each.target.numpy().ravel() for each in validation])
    rows = []
    for weight, tau_ms in product(grid.weights, grid.taus_ms):
        network = localiser(every, weight, tau_ms, stimulus, backend)
        counts = np.concatenate(
            [count_spikes(network, each).reshape(-1, len(every)) for each in validation]
        )
        both = needs_both_ears(weight, tau_ms, stimulus.time_step_ms)
        for most in grid.pairs_per_class:
            used = every.spread(most)
            estimated = estimated_class(spikes_per_pair(counts[:, used], every.take(used)))
            row = dict(zip(SETTINGS, (weight, tau_ms, most), strict=True))
            row |= {"needs_both_ears": both, "samples": len(true)}
            rows.append(row | {"validation_accuracy": 100 * np.mean(estimated == true)})
    table = pd.DataFrame(rows)
    table.insert(0, "envelope_power", stimulus.envelope_power)
    return table.assign(chosen=table.index == table["validation_accuracy"].idxmax())


def score_localiser(
    run: RunParameters, data: EnsembleData, chosen: Mapping[str, float], backend: Backend = "auto"
) -> tuple[dict[str, Floats], Floats]:
    """Each metric on each data set, and the tuning of the banks over the samples of all of them."""
    stimulus, classes = run.stimulus, run.network.classes
    every = delay_pairs(stimulus.fibres_per_ear, classes)
    pairs = every.take(every.spread(int(chosen["pairs_per_class"])))
    network = localiser(pairs, chosen["weight"], chosen["tau_ms"], stimulus, backend)
    counts = count_spikes(network, data)
    per_pair = spikes_per_pair(counts, pairs)
    estimated, true, ipd_rad = estimated_class(per_pair), data.target.numpy(), data.ipd_rad.numpy()
    by_sample = {
        "accuracy": 100.0 * (estimated == true),
        "abs_error_deg": scores.abs_error_deg(ipd_rad, estimated, classes),
        "class_error_deg": scores.class_error_deg(true, estimated, classes),
    }
    means = {name: each.mean(axis=1) for name, each in by_sample.items()}
    return means, tuning_curves(per_pair.reshape(-1, classes), np.degrees(ipd_rad).ravel())


def tuning_curves(per_pair: Floats, ipd_deg: Floats) -> Floats:
    """Mean over samples of each bank's spikes per pair (samples, classes), in bins of IPD
    (classes, bins); NaN where a bin is empty."""
    return binned_statistic(ipd_deg, per_pair.T, "mean", bins=TUNING_EDGES_DEG).statistic

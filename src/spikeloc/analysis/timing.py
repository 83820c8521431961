"""How much of a network's accuracy depends on when spikes come
(docs/model.md, "Analysis of trained networks").

The time bins of each input fibre, with or without a spike, are put into the order of ``t + sd z``,
z being normal and independent for every bin. So no fibre gains or loses a spike in a trial, none
leaves the trial, an sd of 0 changes nothing, and an infinite one is a random permutation. Far from
the trial's ends a bin moves by ``sqrt(sd^2 - 1/12)`` time steps (root mean square), and by less
near them; how far the spikes really moved is part of the result.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.io.randomness import normal
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.loaded_run import LoadedRun, common_stimulus
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.generator import DataSet, make_data_set
from spikeloc.stimulus.spike_trains import SpikeTrains

PURPOSE = "timing"
JITTER_MS = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, math.inf)  # the last one: shuffled
SAMPLES_AT_ONCE = 32
# A key to sort by: the position in parts of a time step, and in its low bits the bin and its spike.
_PARTS, _LOW_BITS = 1 << 20, 18

Floats = npt.NDArray[np.float64]


def bin_noise(stimulus: StimulusParameters, seed: int, samples: range) -> Floats:
    """Standard normal numbers (samples, fibres, steps) that move a data set's bins."""
    bins = stimulus.inputs * stimulus.steps
    noise = np.stack([normal(seed, f"{PURPOSE}/noise", bins, sample) for sample in samples])
    return noise.reshape(len(samples), stimulus.inputs, stimulus.steps)


def displace(
    spikes: npt.NDArray[np.bool_], noise: Floats, sd_steps: float
) -> tuple[npt.NDArray[np.bool_], float]:
    """Spikes (samples, fibres, steps) with their bins reordered by noise of the same shape.

    Returns:
        The spikes, and the mean squared distance that they moved, in time steps squared.
    """
    steps = spikes.shape[2]
    time = np.arange(steps)
    position = noise if math.isinf(sd_steps) else time + sd_steps * noise
    key = np.rint(position * _PARTS).astype(np.int64)
    key <<= _LOW_BITS
    key |= time << 1
    key |= spikes
    key.sort(axis=2)
    moved = (key & 1).astype(np.bool_)
    came_from = (key & ((1 << _LOW_BITS) - 1)) >> 1
    squared = np.square(came_from - time)[moved]
    return moved, float(squared.mean()) if len(squared) else 0.0


def displaced_data(
    stimulus: StimulusParameters, data: DataSet, seed: int, jitter_ms: Sequence[float]
) -> list[tuple[DataSet, float]]:
    """A seed's data with its spikes moved by each jitter, and how far (rms, ms) they moved."""
    packed: list[list[npt.NDArray[np.uint8]]] = [[] for _ in jitter_ms]
    squares: list[list[float]] = [[] for _ in jitter_ms]
    for first in range(0, len(data.trials), SAMPLES_AT_ONCE):
        chosen = range(first, min(first + SAMPLES_AT_ONCE, len(data.trials)))
        part = data.spikes[chosen.start : chosen.stop]
        spikes = np.ascontiguousarray(part.unpack().swapaxes(1, 2))
        noise = bin_noise(stimulus, seed, chosen)
        for index, jitter in enumerate(jitter_ms):
            moved, square = displace(spikes, noise, jitter / stimulus.time_step_ms)
            packed[index].append(SpikeTrains.pack(moved.swapaxes(1, 2), stimulus.time_step_ms).bits)
            squares[index].append(square)
    return [
        (
            DataSet(data.trials, replace(data.spikes, bits=np.concatenate(bits))),
            stimulus.time_step_ms * math.sqrt(float(np.mean(square))),
        )
        for bits, square in zip(packed, squares, strict=True)
    ]


@torch.no_grad()
def count_accuracy(network: SpikingNetwork, data: EnsembleData) -> Floats:
    """Accuracy in percent (networks,) if the readout is given the hidden units' spike counts only:
    it then sums what their spikes would give on average over all orders of the bins."""
    right = torch.zeros(data.networks, dtype=torch.float64)
    for batch in data.batches(network.evaluation_batch(data.spikes)):
        counts = network(batch.spikes).hidden_counts
        assert counts is not None
        estimated = torch.bmm(counts.to(torch.float32), network.w2).argmax(2)
        right += (estimated == batch.target).sum(1)
    return 100 * right.numpy() / data.samples


def timing_tables(
    runs: Sequence[LoadedRun], samples: int, backend: Backend = "auto"
) -> list[pd.DataFrame]:
    """Test every network of several runs on spikes that were moved, ``samples`` a seed.

    Returns:
        For each run a long table: ``network_index`` in the ensemble, ``control`` ("jitter",
        "shuffle", "hidden_counts"), ``jitter_ms``, ``displacement_ms`` and accuracy in percent.

    Raises:
        ValueError: the runs are not of one stimulus.
    """
    stimulus = common_stimulus(runs)
    moved = {}
    for seed in dict.fromkeys(seed for run in runs for seed in run.seeds):
        data = make_data_set(stimulus, seed, PURPOSE, samples, backend=backend)
        moved[seed] = displaced_data(stimulus, data, seed, JITTER_MS)
    return [_timing_table(run, moved) for run in runs]


def _timing_table(run: LoadedRun, moved: Mapping[int, list[tuple[DataSet, float]]]) -> pd.DataFrame:
    parts = []
    for index, jitter in enumerate(JITTER_MS):
        data, distance = zip(*(moved[seed][index] for seed in run.seeds), strict=True)
        classes = run.network.classes
        together = EnsembleData.from_data_sets(data, classes, torch.device("cpu"))
        shuffled = math.isinf(jitter)
        accuracy = evaluate(run.network, together).accuracy()
        control = ("shuffle", math.nan) if shuffled else ("jitter", jitter)
        parts.append(_rows(*control, distance, accuracy))
        if jitter == 0:
            assert isinstance(run.network, SpikingNetwork)
            intact = count_accuracy(run.network, together)
    parts.append(_rows("hidden_counts", math.nan, [math.nan] * len(intact), intact))
    return pd.concat(parts, ignore_index=True)


def _rows(
    control: str, jitter_ms: float, displacement_ms: Sequence[float], accuracy: Floats
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "network_index": np.arange(len(accuracy)),
            "control": control,
            "jitter_ms": jitter_ms,
            "displacement_ms": displacement_ms,
            "accuracy": accuracy,
        }
    )

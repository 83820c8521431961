"""How much of a network's accuracy depends on when its hidden units spike
(docs/model.md, "Analysis of trained networks").
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from spikeloc.config.parameters import Backend
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.loaded_run import LoadedRun, common_stimulus
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.generator import DataSet, make_data_set

PURPOSE = "timing"


@torch.no_grad()
def count_accuracy(network: SpikingNetwork, data: EnsembleData) -> npt.NDArray[np.float64]:
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
    """Test every network of several runs on ``samples`` a seed, with the hidden spikes and with
    their counts alone.

    Returns:
        For each run a long table: ``network_index`` in the ensemble, ``control`` ("spikes" or
        "hidden_counts") and accuracy in percent.

    Raises:
        ValueError: the runs are not of one stimulus.
    """
    stimulus = common_stimulus(runs)
    seeds = dict.fromkeys(seed for run in runs for seed in run.seeds)
    data = {
        seed: make_data_set(stimulus, seed, PURPOSE, samples, backend=backend) for seed in seeds
    }
    return [_timing_table(run, data) for run in runs]


def _timing_table(run: LoadedRun, data: Mapping[int, DataSet]) -> pd.DataFrame:
    network = run.network
    assert isinstance(network, SpikingNetwork)
    own = [data[seed] for seed in run.seeds]
    together = EnsembleData.from_data_sets(own, network.classes, torch.device("cpu"))
    accuracies = {
        "spikes": evaluate(network, together).accuracy(),
        "hidden_counts": count_accuracy(network, together),
    }
    parts = [
        pd.DataFrame({"network_index": np.arange(len(each)), "control": control, "accuracy": each})
        for control, each in accuracies.items()
    ]
    return pd.concat(parts, ignore_index=True)

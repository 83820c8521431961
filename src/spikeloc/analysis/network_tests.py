"""Trained networks tested on other stimuli, with noise on their weights, and after lesions
(docs/model.md, "Tests of trained networks").

A network keeps its own test data in all tests: the IPDs, the starting phases and the random numbers
that the spikes are drawn with stay, so that differences between tests are within networks.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.network_tests import NetworkTest, Perturbation, Setting
from spikeloc.config.parameters import Backend
from spikeloc.io.randomness import normal, permutation
from spikeloc.metrics import declared
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.networks.network import LocalisationNetwork
from spikeloc.stimulus.generator import DataSet, Recipe


def perturbed(network: LocalisationNetwork, perturbation: Perturbation) -> LocalisationNetwork:
    """A single network with noise on copies of its weights, and with silent units and inputs."""
    (network_id,) = network.network_ids
    units, inputs = network.w1.shape[1], network.inputs
    hidden = silent_units(network_id, "hidden_lesion", units, perturbation.hidden_lesion_share)
    fibres = silent_units(network_id, "input_lesion", inputs, perturbation.input_lesion_share)
    if len(hidden) or len(fibres):
        network = network.lesion(hidden, fibres)
    if perturbation.weight_noise_sd:
        network = network.unconstrained()
        for name in network.layers:
            weight: torch.Tensor = getattr(network, name).data
            noise = weight_noise(network_id, name, tuple(weight.shape))
            factor = torch.from_numpy(1 + perturbation.weight_noise_sd * noise)
            weight.copy_(weight.double() * factor)
    return network


def silent_units(
    network_id: NetworkId, stream: str, count: int, share: float
) -> npt.NDArray[np.int64]:
    """The silenced ones of ``count`` units; those of a smaller share are among those of a larger
    one."""
    seed, network = network_id
    return permutation(seed, stream_name(stream, network), count)[: round(share * count)]


def weight_noise(
    network_id: NetworkId, layer: str, shape: tuple[int, ...]
) -> npt.NDArray[np.float64]:
    """Standard normal numbers of a layer's weights ("w1", "w2"), row by row."""
    seed, network = network_id
    stream = stream_name(f"weight_noise/{layer}", network)
    return normal(seed, stream, int(np.prod(shape))).reshape(shape)


def score_networks(
    runs: Sequence[LoadedRun], tests: Mapping[str, NetworkTest], backend: Backend = "auto"
) -> list[pd.DataFrame]:
    """Test every network of several runs.

    Returns:
        For each run a long table: ``network_index`` in the ensemble, ``test``, ``parameter``,
        ``tested`` (text), ``value`` (NaN if it is no number), and the metrics of test data.
    """
    made = lru_cache(maxsize=sum(map(len, runs)))(partial(Recipe.make, backend=backend))
    parts: list[list[pd.DataFrame]] = [[] for _ in runs]
    for name, test in tests.items():
        by_value = zip(*(test.settings(run.parameters) for run in runs), strict=True)
        for settings in by_value:
            for run, own, setting in zip(runs, parts, settings, strict=True):
                about = {"test": name, "parameter": test.vary, "tested": setting.tested}
                own.append(_scores(run, setting, made).assign(**about, value=setting.value))
    return [pd.concat(own, ignore_index=True) for own in parts]


def _scores(run: LoadedRun, setting: Setting, made: Callable[[Recipe], DataSet]) -> pd.DataFrame:
    """The metrics of each network of a run with one setting; ``made``: gives test data."""
    rows = []
    for index, network in enumerate(run):
        ((seed, number),) = network.network_ids
        purpose = run.parameters.nesting.data_set("test", number)
        samples = run.parameters.training.test_samples
        data = made(Recipe(setting.stimulus, seed, purpose, samples))
        together = EnsembleData.from_data_sets([data], network.classes, torch.device("cpu"))
        tested = evaluate(perturbed(network, setting.perturbation), together)
        rows.append(pd.DataFrame(declared.of_test_data(tested)).assign(network_index=index))
    return pd.concat(rows)

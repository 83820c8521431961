"""Tests of trained networks: what they are tested with, and their scores by plain loops."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from helpers import BACKENDS, small_run, start_network
from philox import plain_words
from scipy.special import ndtri

from spikeloc.analysis.network_tests import perturbed, score_networks
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.network_tests import NetworkTest, Perturbation
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.networks.membrane_only import build_network
from spikeloc.networks.network import LocalisationNetwork
from spikeloc.statistics.summaries import tests_table as summarised
from spikeloc.stimulus.dataset import LocalisationDataset
from spikeloc.stimulus.generator import make_data_set

POWER = NetworkTest(vary="stimulus.envelope_power", values=[0, 2, 10])
NOISE = NetworkTest(vary="weight_noise_sd", values=[0, 0.5])
LESION = NetworkTest(vary="hidden_lesion_share", values=[0, 0.5, 1])
DROPPED = NetworkTest(vary="stimulus.fibres_dropped", values=[0.5])
PHASE = NetworkTest(vary="stimulus.phase", values=["per_sample", "per_dataset"])


def loaded(run: RunParameters | None = None, backend: Backend = "auto") -> LoadedRun:
    run = run or small_run()
    ids = run.nesting.network_ids([3, 8])
    weights = start_network(run, [3, 8, 11, 12][: len(ids)], 4.0).signed_weights()
    return LoadedRun(run, build_network(run.network, run.stimulus, ids, backend, weights))


def plain_normal(seed: int, stream: str, count: int) -> list[float]:
    words = plain_words(seed, stream, (count + 1) // 2)
    halves = [half for word in words for half in (word % 2**32, word >> 32)]
    return [float(ndtri((half + 0.5) / 2**32)) for half in halves[:count]]


def plain_first(seed: int, stream: str, count: int, chosen: int) -> set[int]:
    words = plain_words(seed, stream, count)[:count]
    return {*sorted(range(count), key=words.__getitem__)[:chosen]}


def accuracy(network: LocalisationNetwork, run: RunParameters, seed: int, **other: Any) -> float:
    """On the test data of a seed, one sample after the other."""
    stimulus = run.stimulus.model_copy(update=other)
    data = make_data_set(stimulus, seed, "test", run.training.test_samples)
    true = ((data.trials.ipd_rad / math.pi + 0.5) * run.network.classes).astype(int)
    estimated = network(data.spikes).logits.argmax(-1).numpy()
    return float(100 * np.mean(estimated == true))


@pytest.mark.parametrize("second", [False, True])
def test_noise_multiplies_each_weight(second: bool) -> None:
    run = small_run(nesting={"networks": 2, "shared": ["training"]} if second else None)
    whole = loaded(run)
    network_id, end = (NetworkId(8, 2), "/2") if second else (NetworkId(8), "")
    network = whole[network_id]
    noisy = perturbed(network, Perturbation(weight_noise_sd=0.5))
    for name, weight in network.signed_weights().items():
        z = plain_normal(8, f"weight_noise/{name}{end}", weight.numel())
        expected = [
            w * (1 + 0.5 * own) for w, own in zip(weight.flatten().tolist(), z, strict=True)
        ]
        same = torch.tensor(expected, dtype=torch.float64).float().view(weight.shape)
        assert torch.equal(noisy.signed_weights()[name], same)
        assert not torch.equal(same, weight)


def test_lesions_silence_the_first_units_of_a_permutation() -> None:
    network = loaded()[3]  # 14 inputs, 6 hidden units
    shares = Perturbation(hidden_lesion_share=0.5, input_lesion_share=0.25)
    lesioned = perturbed(network, shares).signed_weights()
    hidden = plain_first(3, "hidden_lesion", 6, 3)
    inputs = plain_first(3, "input_lesion", 14, 4)  # 3.5 is rounded
    for (i, j), weight in np.ndenumerate(network.signed_weights()["w1"].numpy()):
        assert lesioned["w1"][i, j] == (0 if i in inputs or j in hidden else weight)
    for (i, j), weight in np.ndenumerate(network.signed_weights()["w2"].numpy()):
        assert lesioned["w2"][i, j] == (0 if i in hidden else weight)


def test_a_larger_lesion_contains_a_smaller_one() -> None:
    network = loaded()[8]
    silent = [
        {*np.flatnonzero((perturbed(network, each).signed_weights()["w2"] == 0).all(1))}
        for each in (Perturbation(hidden_lesion_share=share) for share in (0.2, 0.5, 1))
    ]
    assert [*map(len, silent)] == [1, 3, 6] and silent[0] < silent[1] < silent[2]


@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_are_those_of_each_network_with_each_setting(backend: Backend) -> None:
    run = loaded(backend=backend)
    tests = {"power": POWER, "noise": NOISE, "lesion": LESION, "dropped": DROPPED, "phase": PHASE}
    (table,) = score_networks([run], tests, backend)
    assert len(table) == 2 * (3 + 2 + 3 + 1 + 2)
    assert table["network_index"].tolist() == [0, 1] * 11
    found = {
        (row.test, row.tested, row.network_index): row.test_accuracy for row in table.itertuples()
    }
    for place, seed in enumerate(run.seeds):
        own, parameters = run[seed], run.parameters
        for power in (0, 2, 10):
            expected = accuracy(own, parameters, seed, envelope_power=float(power))
            assert found["power", str(power), place] == pytest.approx(expected)
        noisy = perturbed(own, Perturbation(weight_noise_sd=0.5))
        assert found["noise", "0.5", place] == pytest.approx(accuracy(noisy, parameters, seed))
        lesioned = perturbed(own, Perturbation(hidden_lesion_share=0.5))
        assert found["lesion", "0.5", place] == pytest.approx(accuracy(lesioned, parameters, seed))
        expected = accuracy(own, parameters, seed, fibres_dropped=0.5)
        assert found["dropped", "0.5", place] == pytest.approx(expected)
        expected = accuracy(own, parameters, seed, phase="per_dataset")
        assert found["phase", "per_dataset", place] == pytest.approx(expected)
    assert table["value"].isna().tolist() == [False] * 18 + [True] * 4
    silent = table[(table["test"] == "lesion") & (table["tested"] == "1")]
    assert (silent["hidden_rate_hz"] == 0).all()


@pytest.mark.parametrize("shared", [["training"], ["training", "test"]])
def test_a_network_keeps_its_own_test_data(shared: list[str]) -> None:
    run = loaded(small_run(nesting={"networks": 2, "shared": shared}))
    (table,) = score_networks([run], {"noise": NOISE})
    for place, (seed, number) in enumerate(run.network.network_ids):
        name = "test" if number == 1 or "test" in shared else "test/2"
        data = LocalisationDataset(run.parameters.stimulus, 32, seed, name, classes=4)
        intact = evaluate(run[NetworkId(seed, number)], data)
        own = table[(table["network_index"] == place) & (table["tested"] == "0")].iloc[0]
        assert own["test_accuracy"] == intact.accuracy()[0]
        assert own["test_abs_error_deg"] == intact.abs_error_deg()[0]
        assert own["hidden_rate_hz"] == intact.hidden_rate_hz[0]


def test_runs_of_several_stimuli_and_kinds_are_tested_one_by_one() -> None:
    plain, other = loaded(), loaded(small_run(network={"model": "membrane_only"}))
    tests = {"power": POWER, "noise": NOISE}
    alone = [score_networks([each], tests)[0] for each in (plain, other)]
    for one, again in zip(alone, score_networks([plain, other], tests), strict=True):
        pd.testing.assert_frame_equal(one, again)
    assert alone[1]["hidden_rate_hz"].isna().all()


def test_divisive_networks_are_tested_on_other_stimuli() -> None:
    layers = {"w1": {"signs": "dale", "method": "dann"}, "w2": {"signs": "dale"}}
    parameters = small_run(network=layers)
    run = LoadedRun(parameters, build_network(parameters.network, parameters.stimulus, [3, 8]))
    (table,) = score_networks([run], {"power": POWER})
    other = table.loc[table["tested"] == "10", "test_accuracy"]
    expected = [accuracy(run[seed], parameters, seed, envelope_power=10.0) for seed in (3, 8)]
    assert other.tolist() == pytest.approx(expected)


def test_seeds_are_the_unit_of_the_summary() -> None:
    names = {"experiment": "e", "condition": "c", "label": "c", "variant": "v"}
    about = {"test": "t", "parameter": "p", "tested": "1", "value": 1.0}
    scores = {"test_abs_error_deg": 1.0, "test_class_error_deg": 1.0, "test_information_bits": 1.0}
    rows = pd.DataFrame({"seed": [1, 1, 2], "test_accuracy": [10.0, 30.0, 40.0]})
    rows = rows.assign(**names, **about, **scores, hidden_rate_hz=math.nan)
    table = summarised(rows).set_index("metric")
    assert "hidden_rate_hz" not in table.index  # without hidden units
    own = table.loc["test_accuracy"]
    assert (own["n"], own["mean"], own["min"], own["max"]) == (2, 30, 20, 40)
    assert summarised(rows[:0]).empty  # all networks diverged

"""Several networks a seed: what is each one's own, what they share; nothing else changes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from helpers import BACKENDS, CPU, Trained, ensemble, small_run, train_ensemble

from spikeloc import load_run
from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.io.errors import InputError
from spikeloc.io.files import (
    RUN_FILES,
    read_arrays,
    read_checked_json,
    read_table,
    remove_kept_bits,
    write_checked_json,
)
from spikeloc.io.weight_files import read_weights, write_weights
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.initial_weights import uniform_weights
from spikeloc.networks.signs import presynaptic_signs
from spikeloc.stimulus import manifests
from spikeloc.stimulus.generator import DataSet, make_data_set
from spikeloc.stimulus.manifests import write_manifest
from spikeloc.training.data import ensemble_data
from spikeloc.training.job import train_and_evaluate
from spikeloc.training.train import _epoch_order, train

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("torch_as_it_was")]

SEEDS = [3, 1]
DALE = {"signs": "dale"}
RATIO = {"networks": 3, "shared": ["training", "validation"]}
EVERYTHING = {"networks": 3, "shared": ["training", "validation", "test"]}
NETWORK_IDS = [NetworkId(seed, network) for seed in SEEDS for network in (1, 2, 3)]


def nested_run(nesting: dict[str, Any], **training: Any) -> RunParameters:
    # validation losses go up and down at this rate, so that the networks stop at different epochs
    restless = {"learning_rate": 0.3, "epochs": 10, "patience_epochs": 2} | training
    network = {"w1": DALE, "w2": DALE}
    return small_run({"phase": "per_dataset"}, network, restless, nesting)


def written(run: RunParameters, folder: Path) -> Path:
    """The manifest of a run's seeds."""
    path = folder / "seeds.json"
    write_manifest(path, run.stimulus, SEEDS, run.data_sizes())
    return path


def data_of(run: RunParameters, folder: Path) -> dict[str, EnsembleData]:
    return ensemble_data(run, SEEDS, written(run, folder), CPU, "auto")


def job(run: RunParameters, folder: Path) -> Path:
    """The folder that a training job has filled."""
    outputs = {name: folder / "ensemble" / file for name, file in RUN_FILES.items()}
    train_and_evaluate(run, SEEDS, written(run, folder), outputs, "cpu", "auto")
    return folder / "ensemble"


def test_streams_of_the_first_network_have_no_suffix() -> None:
    assert stream_name("weights/w1", 1) == "weights/w1"
    assert stream_name("weights/w1", 2) == "weights/w1/2"


def test_weights_signs_and_batches_are_each_networks_own() -> None:
    weights = [uniform_weights("w1", (14, 6), *network_id) for network_id in NETWORK_IDS]
    signs = [presynaptic_signs(small_run(network={"w1": DALE}).network.w1, "w1", 40, *network_id)
             for network_id in NETWORK_IDS]  # fmt: skip
    orders = _epoch_order(NETWORK_IDS, 48, epoch=2)
    for made in ([w.numpy() for w in weights], signs, orders.numpy()):
        assert len({each.tobytes() for each in made}) == len(NETWORK_IDS)
    assert {each.sum() for each in signs} == {0}  # half of the units, whoever they are
    assert torch.equal(weights[0], uniform_weights("w1", (14, 6), 3))
    assert torch.equal(orders[0], _epoch_order([NetworkId(3)], 48, epoch=2)[0])


@pytest.mark.parametrize(
    "shared", [["training"], ["training", "test"], RATIO["shared"], EVERYTHING["shared"]]
)
def test_data_sets_are_shared_or_fresh_as_asked(shared: list[str], tmp_path: Path) -> None:
    run = nested_run({"networks": 3, "shared": shared})
    data = data_of(run, tmp_path)
    for purpose, each in data.items():
        spikes = each.spikes.bits[each.spikes.row]
        for i, (seed, network) in enumerate(NETWORK_IDS):
            name = purpose if network == 1 or purpose in shared else f"{purpose}/{network}"
            expected = make_data_set(run.stimulus, seed, name, each.samples)
            assert np.array_equal(spikes[i].numpy(), expected.spikes.bits)
            assert np.array_equal(each.ipd_rad[i].numpy(), expected.trials.ipd_rad)
        different = {bits.numpy().tobytes() for bits in spikes}
        assert len(different) == (2 if purpose in shared else 6)
        assert len(each.spikes.bits) == len(different) * each.samples  # each there once


def test_every_data_set_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = nested_run(RATIO)
    path, made = written(run, tmp_path), []
    remove_kept_bits(path.parent.parent)

    def counted(stimulus: Any, seed: int, purpose: str, *args: Any, **more: Any) -> DataSet:
        made.append((seed, purpose))
        return make_data_set(stimulus, seed, purpose, *args, **more)

    monkeypatch.setattr(manifests, "make_data_set", counted)
    ensemble_data(run, SEEDS, path, CPU, "auto")
    names = ["training", "validation", "test", "test/2", "test/3"]
    assert made == [(seed, name) for seed in SEEDS for name in names]


def test_without_validation_there_is_no_validation_data(tmp_path: Path) -> None:
    changes: dict[str, Any] = {"validate_each_epoch": False, "weights_kept": "notebook"}
    run = nested_run({"networks": 2, "shared": ["training"]}, **changes)
    assert set(data_of(run, tmp_path)) == {"training", "test"}
    # the normalised run shares the data that nobody looks at
    assert (
        "validation/2" in run.data_sizes() and "validation/2" not in run.normalised().data_sizes()
    )


def trained(
    data: dict[str, EnsembleData], run: RunParameters, chosen: list[int], backend: Backend
) -> Trained:
    network = ensemble(run, [NETWORK_IDS[i] for i in chosen], backend)
    own = {purpose: each.select(chosen) for purpose, each in data.items()}
    return Trained(network, train(network, own["training"], own["validation"], run.training))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_nested_ensemble_trains_bitwise_as_its_networks(backend: Backend, tmp_path: Path) -> None:
    run = nested_run(RATIO)
    data = data_of(run, tmp_path)
    together = trained(data, run, list(range(6)), backend)
    assert len({each.train_loss[0] for each in together.progress}) == 6
    assert len({len(each.train_loss) for each in together.progress}) > 1
    for chosen in ([4], [2, 5, 0]):
        some = trained(data, run, chosen, backend)
        for row, i in enumerate(chosen):
            assert some.progress[row] == together.progress[i]
            for name, layer in some.weights.items():
                assert torch.equal(layer[row], together.weights[name][i])


@pytest.mark.parametrize("nesting", [RATIO, EVERYTHING])
def test_the_first_network_is_what_it_is_alone(nesting: dict[str, Any], tmp_path: Path) -> None:
    alone, nested = job(nested_run({}), tmp_path / "a"), job(nested_run(nesting), tmp_path / "b")
    for name, layer in read_weights(alone / "weights.safetensors")[1].items():
        assert np.array_equal(read_weights(nested / "weights.safetensors")[1][name][::3], layer)
    for file in ("metrics.csv", "history.csv", "confusion.csv"):
        table = read_table(nested / file)
        first = table[table["network"] == 1].reset_index(drop=True)
        assert first.equals(read_table(alone / file))
    before, after = (read_arrays(folder / "predictions.npz") for folder in (alone, nested))
    assert all(np.array_equal(after[name][::3], before[name]) for name in before)


def test_fresh_test_sets_leave_training_as_it_was(tmp_path: Path) -> None:
    ratio, shared = (
        job(nested_run(RATIO), tmp_path / "a"),
        job(nested_run(EVERYTHING), tmp_path / "b"),
    )
    for name, layer in read_weights(ratio / "weights.safetensors")[1].items():
        assert np.array_equal(read_weights(shared / "weights.safetensors")[1][name], layer)
    ipd, common = (read_arrays(f / "predictions.npz")["ipd_rad"] for f in (ratio, shared))
    assert len({each.tobytes() for each in ipd}) == 6
    assert len({each.tobytes() for each in common}) == 2


def test_files_say_which_network_is_which(tmp_path: Path) -> None:
    folder = job(nested_run(RATIO), tmp_path)
    seeds, networks = [3, 3, 3, 1, 1, 1], [1, 2, 3, 1, 2, 3]
    metrics = read_table(folder / "metrics.csv")
    assert metrics["seed"].tolist() == seeds and metrics["network"].tolist() == networks
    for file in ("history.csv", "confusion.csv"):
        pairs = read_table(folder / file)[["seed", "network"]].drop_duplicates()
        assert list(pairs.itertuples(index=False, name=None)) == NETWORK_IDS
    saved = read_arrays(folder / "predictions.npz")
    assert saved["seed"].tolist() == seeds and saved["network"].tolist() == networks
    metadata, _ = read_weights(folder / "weights.safetensors")
    assert (metadata["seeds"], metadata["networks"]) == (seeds, networks)
    loaded = load_run(folder)
    assert loaded.network.network_ids == NETWORK_IDS and loaded.seeds == seeds
    assert loaded.parameters.nesting.model_dump() == RATIO
    confusion = read_table(folder / "confusion.csv")
    second = confusion[(confusion["seed"] == 3) & (confusion["network"] == 2)]
    counted = second.pivot(index="estimated", columns="true", values="count").to_numpy()
    true = np.floor((saved["ipd_rad"][1] / np.pi + 0.5) * 4).astype(int)
    expected = np.zeros((4, 4), int)
    np.add.at(expected, (saved["estimated_class"][1], true), 1)
    assert np.array_equal(counted, expected)


def test_weights_of_a_network_without_a_number_are_refused(tmp_path: Path) -> None:
    run = small_run()
    made = train_ensemble(run, SEEDS)
    layers = {name: layer.numpy() for name, layer in made.weights.items()}
    metadata = {"parameters": run.model_dump(), "seeds": SEEDS, "networks": [1]}
    write_weights(tmp_path / RUN_FILES["weights"], layers, metadata)
    with pytest.raises(InputError, match=r"weights\.safetensors: has 2 seeds but 1 networks"):
        load_run(tmp_path)


def change_bits(data_sets: dict[str, Any]) -> None:
    data_sets["test/2"]["bits_sha256"] = "0" * 64


def change_trials(data_sets: dict[str, Any]) -> None:
    data_sets["test/2"]["ipd_rad"][0] += 1e-9


def swap(data_sets: dict[str, Any]) -> None:
    data_sets["test/2"] = data_sets["test/3"]


def remove(data_sets: dict[str, Any]) -> None:
    del data_sets["test/2"]


@pytest.mark.parametrize("damage", [change_bits, change_trials, swap, remove])
def test_damage_to_another_networks_data_is_noticed(
    damage: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    run = nested_run(RATIO)
    path = written(run, tmp_path)
    content = read_checked_json(path)
    damage(content["seeds"]["1"])
    write_checked_json(path, content)  # given a new checksum, as another machine might have done
    with pytest.raises(InputError, match=r"seeds\.json: .*test/2"):
        ensemble_data(run, SEEDS, path, CPU, "auto")


def test_altered_manifest_of_a_nested_ensemble_is_noticed(tmp_path: Path) -> None:
    run = nested_run(RATIO)
    path = written(run, tmp_path)
    path.write_text(path.read_text().replace('"test/2"', '"test/4"'))
    with pytest.raises(InputError, match=r"seeds\.json: altered"):
        ensemble_data(run, SEEDS, path, CPU, "auto")


def test_manifest_of_a_single_network_is_not_enough(tmp_path: Path) -> None:
    path = written(nested_run({}), tmp_path)
    recorded = json.loads(path.read_text())["seeds"]["1"]
    assert list(recorded) == ["training", "validation", "test"]
    ensemble_data(nested_run(EVERYTHING), SEEDS, path, CPU, "auto")  # all that these need is there
    with pytest.raises(InputError, match="has no test/2 data set of 32 samples"):
        ensemble_data(nested_run(RATIO), SEEDS, path, CPU, "auto")

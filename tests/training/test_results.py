"""The files of a trained ensemble: what is written comes back, and damage does not."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from helpers import Trained, ensemble, ensemble_data, small_run, train_ensemble
from safetensors.torch import load_file

from spikeloc import load_run
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import RunParameters
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES, read_table
from spikeloc.io.weight_files import write_weights
from spikeloc.metrics.declared import Metric
from spikeloc.metrics.evaluation import Evaluation, evaluate
from spikeloc.metrics.information import information_bits
from spikeloc.stimulus.generator import make_data_set
from spikeloc.stimulus.spike_trains import SpikeTrains
from spikeloc.training import results
from spikeloc.training.results import metrics_table, save_run
from spikeloc.training.train import Progress

SEEDS = [3, 8]
NETWORK_IDS = [NetworkId(seed) for seed in SEEDS]
RUN = small_run(network={"w1": {"signs": "dale", "inhibitory_fraction": 0.25}})


def save(folder: Path, run: RunParameters = RUN) -> tuple[Trained, dict[str, Evaluation]]:
    trained, start = train_ensemble(run, SEEDS), ensemble(run, SEEDS).signed_weights()
    on = {p: evaluate(trained.network, ensemble_data(run, SEEDS, p)) for p in run.data_sizes()}
    outputs = {key: folder / name for key, name in RUN_FILES.items()}
    save_run(outputs, trained.network, start, trained.progress, run, on)
    return trained, on


def assert_damaged(folder: Path) -> None:
    with pytest.raises(InputError, match=r"weights\.safetensors"):
        load_run(folder)


def test_a_run_comes_back_bit_by_bit(tmp_path: Path) -> None:
    trained, _ = save(tmp_path)
    loaded = load_run(tmp_path)
    assert loaded.parameters == RUN
    assert loaded.network.network_ids == NETWORK_IDS and loaded.seeds == SEEDS
    weights = loaded.network.signed_weights()
    for name, layer in trained.weights.items():
        assert weights[name].dtype == torch.float32 and torch.equal(weights[name], layer)


def test_a_loaded_run_answers_as_it_did_in_its_evaluation(tmp_path: Path) -> None:
    _, on = save(tmp_path)
    loaded = load_run(tmp_path)
    for n, seed in enumerate(SEEDS):
        data = make_data_set(RUN.stimulus, seed, "test", 32)
        estimated = loaded(data.spikes).logits[n].argmax(1)
        assert estimated.tolist() == on["test"].estimated[n].tolist()


def test_a_loaded_run_refuses_spikes_of_other_fibres(tmp_path: Path) -> None:
    save(tmp_path)
    with pytest.raises(ValueError, match="13 fibres, but the network has 14 inputs"):
        load_run(tmp_path)(SpikeTrains.pack(np.zeros((1, 24, 13), dtype=np.bool_), 1.0))


def test_a_membrane_only_run_comes_back(tmp_path: Path) -> None:
    trained, _ = save(tmp_path, small_run(network={"model": "membrane_only"}))
    weights = load_run(tmp_path).network.signed_weights()
    assert [*weights] == ["w1"] and torch.equal(weights["w1"], trained.weights["w1"])
    assert np.isnan(read_table(tmp_path / "metrics.csv")["hidden_rate_hz"]).all()


def test_a_run_with_a_diverged_network_comes_back(tmp_path: Path) -> None:
    training = {"learning_rate": 3e37, "validate_each_epoch": False, "weights_kept": "notebook"}
    run = small_run(network={"logit_scale": 100.0}, training=training)
    trained, _ = save(tmp_path, run)
    assert all(each.diverged for each in trained.progress)
    loaded = load_run(tmp_path).network.signed_weights()
    for name, layer in trained.weights.items():
        assert loaded[name].numpy().tobytes() == layer.numpy().tobytes()
    assert not torch.isfinite(loaded["w1"]).all()


def test_the_weight_file_is_plain_safetensors_with_parameters_and_seeds(tmp_path: Path) -> None:
    trained, _ = save(tmp_path)
    path = tmp_path / RUN_FILES["weights"]
    assert torch.equal(load_file(path)["w1"], trained.weights["w1"])
    content = path.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + size])
    assert header["w1"]["dtype"] == "F32" and header["w2"]["shape"] == [2, 6, 4]
    told = json.loads(header["__metadata__"]["spikeloc"])
    assert told["seeds"] == SEEDS and told["networks"] == [1, 1]
    told_w1 = told["parameters"]["network"]["w1"]
    assert (told_w1["signs"], told_w1["inhibitory_fraction"]) == ("dale", 0.25)


def test_saving_again_gives_the_same_bytes(tmp_path: Path) -> None:
    save(tmp_path / "a")
    save(tmp_path / "b")
    written = {path.name for path in (tmp_path / "a").iterdir()}
    assert written == {*RUN_FILES.values()} - {RUN_FILES["rates"]}  # searched, which this was not
    for name in written:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_missing_weight_file_is_named(tmp_path: Path) -> None:
    assert_damaged(tmp_path)


def test_every_truncation_is_noticed(tmp_path: Path) -> None:
    save(tmp_path)
    path = tmp_path / RUN_FILES["weights"]
    content = path.read_bytes()
    for length in [*range(0, len(content), 41), len(content) - 1]:
        path.write_bytes(content[:length])
        assert_damaged(tmp_path)


@pytest.mark.long
def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    save(tmp_path)
    path = tmp_path / RUN_FILES["weights"]
    content = path.read_bytes()
    padding = content.index(b"}", content.rindex(b"data_offsets")) + 2  # blanks end the header
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        if content[place : place + 1] == b" " and place >= padding:
            continue
        path.write_bytes(damaged)
        assert_damaged(tmp_path)


@pytest.mark.parametrize(
    "shapes",
    [
        {"w1": (2, 14, 5), "w2": (2, 6, 4)},
        {"w1": (2, 14, 6), "w2": (2, 6, 3)},
        {"w1": (1, 14, 6), "w2": (1, 6, 4)},
        {"w1": (2, 14, 6)},
    ],
    ids=["w1", "w2", "networks", "no w2"],
)
def test_weights_of_another_shape_are_refused(
    tmp_path: Path, shapes: dict[str, tuple[int, ...]]
) -> None:
    layers = {name: np.zeros(shape, dtype=np.float32) for name, shape in shapes.items()}
    about = {"parameters": RUN.model_dump(), "seeds": SEEDS, "networks": [1, 1]}
    write_weights(tmp_path / RUN_FILES["weights"], layers, about)
    assert_damaged(tmp_path)


def test_history_holds_every_epoch(tmp_path: Path) -> None:
    trained, _ = save(tmp_path)
    history = read_table(tmp_path / "history.csv")
    assert history["seed"].tolist() == [3, 3, 3, 8, 8, 8]
    assert history["epoch"].tolist() == [0, 1, 2] * 2
    for n, seed in enumerate(SEEDS):
        of_seed = history[history["seed"] == seed]
        assert of_seed["train_loss"].tolist() == trained.progress[n].train_loss
        assert of_seed["val_loss"].tolist() == trained.progress[n].val_loss


def test_metrics_are_those_of_the_evaluation(tmp_path: Path) -> None:
    trained, on = save(tmp_path)
    metrics = read_table(tmp_path / "metrics.csv")
    assert metrics["seed"].tolist() == SEEDS and (metrics["model"] == "spiking").all()
    assert metrics["epochs"].tolist() == [3, 3]
    assert metrics["best_epoch"].tolist() == [each.best_epoch for each in trained.progress]
    for column, expected in {
        "train_accuracy": on["training"].accuracy(),
        "test_accuracy": on["test"].accuracy(),
        "train_loss": on["training"].loss,
        "val_loss": on["validation"].loss,
        "test_abs_error_deg": on["test"].abs_error_deg(),
        "test_class_error_deg": on["test"].class_error_deg(),
        "test_information_bits": information_bits(on["test"].confusion_counts()),
    }.items():
        assert metrics[column].tolist() == expected.tolist()


def test_confusion_counts_and_predictions_agree(tmp_path: Path) -> None:
    _, on = save(tmp_path)
    table = read_table(tmp_path / "confusion.csv")
    assert len(table) == 2 * 4 * 4 and table.groupby("seed")["count"].sum().tolist() == [32, 32]
    with np.load(tmp_path / "predictions.npz", allow_pickle=False) as saved:
        for n, seed in enumerate(SEEDS):
            estimated, ipd = saved["estimated_class"][n], saved["ipd_rad"][n]
            true = np.floor((ipd / np.pi + 0.5) * 4).astype(int)
            row = table[(table["seed"] == seed) & (table["estimated"] == 1) & (table["true"] == 2)]
            assert row["count"].item() == ((estimated == 1) & (true == 2)).sum()
            assert estimated.tolist() == on["test"].estimated[n].tolist()


def made_table(progress: list[Progress], evaluated: Evaluation) -> pd.DataFrame:
    zeros, on = {"w1": torch.zeros(2, 14, 6)}, {"training": evaluated, "test": evaluated}
    return metrics_table(NETWORK_IDS, "spiking", progress, {"start": zeros, "kept": zeros}, on)


def test_a_metric_needs_a_value_for_each_network(monkeypatch: pytest.MonkeyPatch) -> None:
    test = Evaluation(
        np.zeros((2, 1), dtype=np.int64), np.zeros((2, 1), dtype=np.int64), np.zeros((2, 1)),
        np.ones(2), np.ones(2), 4,
    )  # fmt: skip
    progress = [Progress(train_loss=[1.0])] * 2
    smallest = Metric("worst", "", "", "%", compute=lambda on: on.scores["test"].accuracy().min())
    monkeypatch.setattr(results, "METRICS", (smallest,))
    with pytest.raises(ValueError, match="worst: needs one value for each network"):
        made_table(progress, test)


def test_a_diverged_network_has_no_metrics() -> None:
    nothing: Any = np.zeros((2, 1), dtype=np.int64)
    one = Evaluation(nothing, nothing, np.zeros((2, 1)), np.ones(2), np.ones(2), 4)
    progress = [Progress(train_loss=[1.0, 0.5]), Progress(train_loss=[np.inf], diverged=True)]
    table = made_table(progress, one)
    assert table["diverged"].tolist() == [False, True] and table["epochs"].tolist() == [2, 1]
    measured = [name for name in table if str(name).startswith(("train_", "test_", "hidden"))]
    assert len(measured) == 8 and table.loc[0, measured].notna().all()
    assert table.loc[1, measured].isna().all()
    assert table["val_loss"].isna().all() and pd.isna(table["best_epoch"]).all()  # no validation

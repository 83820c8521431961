"""Regression: losses and estimates by hand, and networks that learn the angle."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from helpers import BACKENDS, ensemble_data, small_run, start_network, train_ensemble

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import Backend, Readout
from spikeloc.io.files import read_arrays
from spikeloc.metrics.evaluation import Evaluation, evaluate
from spikeloc.networks.ensemble_data import Batch, PackedSpikes
from spikeloc.networks.loaded_run import weight_shapes
from spikeloc.networks.readout import estimated_ipd_rad, sample_losses
from spikeloc.training.results import metrics_table, save_predictions
from spikeloc.training.train import Progress

RIGHT = math.pi / 2


def batch_of(ipd_rad: list[float]) -> Batch:
    empty = torch.zeros(1, len(ipd_rad), dtype=torch.int64)
    ipd = torch.tensor([ipd_rad], dtype=torch.float64)
    spikes = PackedSpikes(torch.zeros(1, 4, 1, dtype=torch.uint8), empty, 3)
    return Batch(spikes, empty, ipd)


def test_losses_by_hand() -> None:
    # 0.5 rad off; and the point (0, 0), which is at distance 1 from any angle's point
    angle = sample_losses(torch.tensor([[[0.25], [1.0]]]), batch_of([0.75, 0.5]), "angle")
    assert angle.tolist() == [[0.25, 0.25]]
    circular = sample_losses(torch.zeros(1, 2, 2), batch_of([0.3, -1.2]), "circular")
    assert circular.tolist() == [pytest.approx([1.0, 1.0])]
    opposite = sample_losses(torch.tensor([[[-1.0, 0.0]]]), batch_of([0.0]), "circular")
    assert opposite.tolist() == [[4.0]]


def test_estimates_by_hand() -> None:
    angle = estimated_ipd_rad(torch.tensor([[[0.5], [-9.0], [2.0]]]), "angle")
    assert angle.tolist() == [[0.5, -RIGHT, RIGHT]]  # nothing lies beyond 90 degrees
    points = torch.tensor([[[0.0, 2.0], [3.0, -3.0], [-1.0, 1.0]]])
    assert estimated_ipd_rad(points, "circular")[0] == pytest.approx([RIGHT, -RIGHT / 2, RIGHT])


def test_regression_is_scored_by_its_angle() -> None:
    none, ipd = np.zeros(1), np.radians([[10.0, -30.0]])
    made = Evaluation(
        np.array([[6, 4]]), np.array([[6, 4]]), ipd, none, none, 12, np.radians([[13.0, -29.0]])
    )
    assert made.abs_error_deg() == pytest.approx([2.0])  # 3 and 1
    assert made.class_error_deg().tolist() == [0.0] and made.accuracy().tolist() == [100.0]


@pytest.mark.parametrize(("readout", "outputs"), [("classes", 4), ("angle", 1), ("circular", 2)])
def test_outputs(readout: Readout, outputs: int) -> None:
    network = small_run(network={"readout": readout}).network
    assert weight_shapes(network, 14) == {"w1": (14, 6), "w2": (6, outputs)}


@pytest.mark.long
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("readout", ["angle", "circular"])
def test_regression_learns(readout: Readout, backend: Backend) -> None:
    run = small_run(
        {"duration_ms": 60.0, "fibres_per_ear": 20},
        {"readout": readout, "hidden_units": 12, "logit_scale": 0.05, "w1": {"signs": "dale"}},
        {"epochs": 25, "training_samples": 192, "patience_epochs": 25},
    )
    trained = train_ensemble(run, [1, 2], backend)
    made = evaluate(trained.network, ensemble_data(run, [1, 2], "test"))
    start = start_network(run, [1, 2], backend=backend)
    untrained = evaluate(start, ensemble_data(run, [1, 2], "test"))
    assert made.estimated_ipd_rad is not None
    assert np.abs(made.estimated_ipd_rad).max() <= RIGHT
    # always 0 would be 45 degrees off on average
    assert (made.abs_error_deg() < 38).all() and (made.loss < untrained.loss).all()
    expected = np.floor((made.estimated_ipd_rad + RIGHT) * 4 / math.pi).clip(0, 3)
    assert np.array_equal(made.estimated, expected)


def test_angles_are_kept(tmp_path: Path) -> None:
    run = small_run(network={"readout": "angle"})
    network = start_network(run, [1])
    on = {name: evaluate(network, ensemble_data(run, [1], name)) for name in ("training", "test")}
    save_predictions(tmp_path / "made.npz", on["test"], [NetworkId(1)])
    saved = read_arrays(tmp_path / "made.npz")
    assert on["test"].estimated_ipd_rad is not None
    assert np.array_equal(saved["estimated_ipd_rad"], on["test"].estimated_ipd_rad)
    error = np.degrees(np.abs(saved["estimated_ipd_rad"] - saved["ipd_rad"])).mean()
    weights = dict.fromkeys(("start", "kept"), network.signed_weights())
    table = metrics_table([NetworkId(1)], "spiking", [Progress([1.0])], weights, on)
    assert table["test_abs_error_deg"].tolist() == pytest.approx([error])

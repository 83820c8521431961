"""The declared metrics: values of a hand-made ensemble, and a new one that reaches the tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seeds import run_row

from spikeloc.metrics import declared
from spikeloc.metrics.declared import METRICS, Measured, Metric
from spikeloc.metrics.evaluation import Evaluation
from spikeloc.metrics.weight_measures import spectral_entropy
from spikeloc.paper.printed import read_printed
from spikeloc.statistics.comparisons import comparison_table
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.summaries import summary_table

NEW = Metric(
    "test_perfect", "whether every test stimulus is right", "Perfect (%)", "%",
    compute=lambda measured: np.floor(measured.scores["test"].accuracy() / 100) * 100,
)  # fmt: skip


def evaluation(loss: float) -> Evaluation:
    """Two networks, two classes: one right answer of two, and two of two."""
    estimated, true = np.array([[0, 1], [1, 1]]), np.array([[0, 0], [1, 1]])
    each = np.array([loss, loss + 1])
    return Evaluation(estimated, true, np.zeros((2, 2)), each, 10 * each, 2)


MEASURED = Measured(
    {"training": evaluation(1), "test": evaluation(2), "start": evaluation(3)},
    {"start": {"w1": np.stack([np.eye(2)] * 2)}, "kept": {"w1": np.ones((2, 2, 2))}},
)


def computed(name: str) -> list[float]:
    metric = declared.metric(name)
    assert metric is not None and metric.compute is not None
    return np.broadcast_to(metric.compute(MEASURED), 2).tolist()


def test_metrics_are_of_their_data_set() -> None:
    assert computed("train_loss") == [1, 2] and np.isnan(computed("val_loss")).all()
    assert computed("test_accuracy") == [50, 100]
    assert computed("hidden_rate_hz") == [20, 30] and computed("start_rate_hz") == [30, 40]


def test_weights_are_measured_before_and_after_training() -> None:
    assert computed("w1_entropy_start") == [1, 1]
    assert computed("w1_entropy") == spectral_entropy(np.ones((2, 2, 2))).tolist()
    assert computed("w1_dead_percent") == [0, 0]
    assert np.isnan(computed("w2_entropy")).all()  # there is no such layer


def test_names_are_declared_once() -> None:
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names) and set(declared.metric_names()) == set(names)


def test_a_new_metric_reaches_every_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared, "METRICS", (*METRICS, NEW))
    assert table("runs").names[-1] == table("metrics").names[-1] == "test_perfect"
    runs = pd.DataFrame([run_row(name, seed, 50.0) for name in "ab" for seed in (1, 2)])
    assert "test_perfect" in set(summary_table(runs)["metric"])
    assert "test_perfect" in set(comparison_table(runs, "a")["metric"])
    assert declared.label("test_perfect") == "Perfect (%)"
    (tmp_path / "printed.csv").write_text("condition,metric,printed\na,test_perfect,50\n")
    assert read_printed(tmp_path / "printed.csv")["printed"].tolist() == [50]

"""Scores of hand-made estimates, and of networks whose answers are known."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from helpers import (
    data_sets,
    ensemble_data,
    float_spikes,
    small_run,
    start_network,
    start_weights,
)
from plain import plain_alpha, plain_hidden, plain_readout

from spikeloc.metrics.confusion import confusion_shares
from spikeloc.metrics.evaluation import Evaluation, evaluate
from spikeloc.networks.membrane_only import build_network


def scored(estimated: Any, true: Any, ipd_deg: Any, classes: int = 12) -> Evaluation:
    """One network's answers."""
    none = np.zeros(1)
    ipd = np.radians(np.array([ipd_deg], dtype=float))
    return Evaluation(np.array([estimated]), np.array([true]), ipd, none, none, classes)


def test_scores_by_hand() -> None:
    # midpoints of classes 0, 6, 11: -82.5, 7.5, 82.5. Distances from the true IPDs -80, 0, 20, 89:
    # 2.5, 7.5, 12.5, 171.5 -> 194 / 4 = 48.5. Classes apart 0, 0, 1, 11 -> 12 * 15 / 4 = 45
    one = scored([0, 6, 6, 0], [0, 6, 7, 11], [-80, 0, 20, 89])
    assert one.accuracy().tolist() == [50.0]
    assert one.abs_error_deg() == pytest.approx([48.5])
    assert one.class_error_deg() == pytest.approx([45.0])


def test_scores_are_of_each_network() -> None:
    none = np.zeros(2)
    ipd = np.zeros((2, 2))
    both = Evaluation(np.array([[0, 1], [1, 1]]), np.array([[0, 0], [1, 1]]), ipd, none, none, 2)
    assert both.accuracy().tolist() == [50.0, 100.0]
    assert both.class_error_deg().tolist() == [45.0, 0.0]  # 90 degrees a class, once in two
    assert both.confusion_counts().tolist() == [[[1, 0], [1, 0]], [[0, 0], [0, 2]]]


def test_floors_of_a_perfect_classifier() -> None:
    # IPDs evenly over a class of 15 degrees: on average 15 / 4 from its middle
    ipd = (np.arange(1200) + 0.5) * 0.15 - 90
    true = np.arange(1200) // 100
    perfect = scored(true, true, ipd)
    assert perfect.abs_error_deg() == pytest.approx([3.75])
    assert perfect.class_error_deg().tolist() == [0.0]
    assert perfect.accuracy().tolist() == [100.0]


def test_confusion_is_estimated_by_true_and_its_columns_sum_to_one() -> None:
    # true 0: estimated 0, 0, 1, 2; true 1: estimated 1; true 2 does not occur
    counts = scored([0, 0, 1, 2, 1], [0, 0, 0, 0, 1], [0] * 5, classes=3).confusion_counts()[0]
    assert counts.tolist() == [[2, 0, 0], [1, 1, 0], [1, 0, 0]]
    share = confusion_shares(counts)
    assert share[:, 0].tolist() == [0.5, 0.25, 0.25] and share[:, 1].tolist() == [0, 1, 0]
    assert share[:, 2].tolist() == [0, 0, 0]


def test_a_silent_network_answers_the_lowest_class_and_guesses() -> None:
    run = small_run()
    silent = start_network(run, [1, 2], factor=0)
    made = evaluate(silent, ensemble_data(run, [1, 2], "test"))
    assert (made.estimated == 0).all() and made.estimated.shape == (2, 32)
    assert made.loss == pytest.approx([math.log(4)] * 2)  # a quarter for each class
    assert made.hidden_rate_hz.tolist() == [0, 0]


def test_ties_go_to_the_lowest_class() -> None:
    # all hidden units excite classes 1 and 3 alike and the others not at all
    run = small_run()
    w2 = torch.tensor([0.0, 1.0, 0.5, 1.0]).expand(1, 6, 4).contiguous()
    weights = {"w1": torch.full((1, 14, 6), 2.0), "w2": w2}
    network = build_network(run.network, run.stimulus, [1], weights=weights)
    made = evaluate(network, ensemble_data(run, [1], "test"))
    assert (made.estimated == 1).all()


def test_estimates_loss_and_rate_equal_plain_loops() -> None:
    # 70 samples: more than one batch of the evaluation, the last one smaller
    run, seeds = small_run(training={"test_samples": 70}), [1, 2]
    weights = start_weights(run, seeds, 2.0)
    sets = data_sets(run, seeds, "test")
    made = evaluate(start_network(run, seeds, 2.0), ensemble_data(run, seeds, "test"))
    for n, spikes in enumerate(float_spikes(sets).double().numpy()):
        w1, w2 = (weights[name][n].double().numpy() for name in ("w1", "w2"))
        losses, count = [], 0.0
        for i, x in enumerate(spikes):
            _, hidden = plain_hidden(x @ w1, plain_alpha(run))
            logits = 0.01 * plain_readout(hidden @ w2, plain_alpha(run)).sum(0)
            true = int((sets[n].trials.ipd_rad[i] + math.pi / 2) * 4 / math.pi)
            assert made.true[n, i] == true
            assert logits[made.estimated[n, i]] >= logits.max() - 1e-6
            losses.append(math.log(np.exp(logits).sum()) - logits[true])
            count += hidden.sum()
        assert made.loss[n] == pytest.approx(np.mean(losses), rel=1e-6)
        # spikes a unit and second: 6 units, 70 samples of 24 ms
        assert made.hidden_rate_hz[n] == pytest.approx(count / (6 * 70 * 0.024))
        assert np.array_equal(made.ipd_rad[n], sets[n].trials.ipd_rad)


def test_a_membrane_only_network_has_no_hidden_rate() -> None:
    run = small_run(network={"model": "membrane_only"})
    made = evaluate(start_network(run, [1]), ensemble_data(run, [1], "test"))
    assert np.isnan(made.hidden_rate_hz).all() and np.isfinite(made.loss).all()

"""Dead weights and spectral entropies of an ensemble."""

import numpy as np
import pytest
import torch
from helpers import small_run, train_ensemble

from spikeloc.metrics.weight_measures import (
    COLUMNS,
    dead_percent,
    spectral_entropy,
    weight_measures,
)
from spikeloc.networks.weights import Weights


def test_measures_by_hand() -> None:
    # singular values 3 and 1: shares 3/4 and 1/4; then 1 and 1, evenly
    start = Weights(torch.diag(torch.tensor([3.0, -1.0]))[None], torch.eye(2)[None])
    kept = Weights(torch.eye(2)[None], torch.tensor([[[2e-3, 5e-4], [0.0, 1.0]]]))
    made = weight_measures(start, kept)
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)) / np.log(2)
    assert made["w1_entropy_start"] == pytest.approx([entropy], abs=1e-9)
    assert made["w1_entropy"] == pytest.approx([1]) and made["w2_entropy_start"] == [1]
    assert made["w1_dead_percent"] == [50] and made["w2_dead_percent"] == [50]


def test_measures_are_of_what_training_began_and_ended_with() -> None:
    run = small_run(network={"w1": {"signs": "dale"}, "w2": {"signs": "dale", "method": "relu"}})
    trained = train_ensemble(run, [1, 2])
    made = weight_measures(trained.start, trained.weights)
    assert tuple(made) == COLUMNS
    for layer in ("w1", "w2"):
        start, kept = trained.start.layers()[layer].numpy(), trained.weights.layers()[layer].numpy()
        np.testing.assert_allclose(made[f"{layer}_entropy_start"], spectral_entropy(start))
        np.testing.assert_allclose(made[f"{layer}_entropy"], spectral_entropy(kept))
        assert made[f"{layer}_dead_percent"].tolist() == dead_percent(kept).tolist()
        assert not np.array_equal(start, kept)
    alone = train_ensemble(run, [2])
    for name, values in weight_measures(alone.start, alone.weights).items():
        assert values[0] == made[name][1]


def test_what_is_not_there_has_no_measure() -> None:
    nan = Weights(torch.full((2, 3, 2), torch.nan), None)
    made = weight_measures(nan, nan)
    assert np.isnan(made["w1_entropy"]).all() and np.isnan(made["w2_dead_percent"]).all()
    column = Weights(torch.ones(1, 3, 1), None)  # a single singular value
    assert np.isnan(weight_measures(column, column)["w1_entropy"]).all()


def test_spectral_entropy_by_hand() -> None:
    # singular values 3 and 1: p = 3/4, 1/4
    uneven = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)) / np.log(2)
    matrices = np.array([np.diag([3.0, -1.0]), np.eye(2), np.ones((2, 2)), np.zeros((2, 2))])
    made = spectral_entropy(matrices)
    assert made[:3] == pytest.approx([uneven, 1, 0], abs=1e-12) and np.isnan(made[3])
    # a rectangular matrix has as many singular values as its shorter side
    assert spectral_entropy(np.eye(5, 3)) == pytest.approx(1)
    with pytest.raises(ValueError, match="single singular value"):
        spectral_entropy(np.ones((4, 1)))


def test_spectral_entropy_knows_no_scale_and_no_order() -> None:
    weights = np.random.default_rng(1).normal(size=(6, 4))
    expected = spectral_entropy(weights)
    assert spectral_entropy(-3 * weights[::-1]) == pytest.approx(expected)
    assert spectral_entropy(weights.T.astype(np.float32)) == pytest.approx(expected, rel=1e-5)


def test_dead_weights_are_next_to_zero() -> None:
    weights = np.array([[[0.0, -0.0009], [0.001, -2.0]], [[1.0, 2.0], [3.0, 0.0005]]])
    assert dead_percent(weights).tolist() == [50, 25]

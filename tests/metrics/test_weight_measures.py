"""Weights next to zero and spectral entropies, by hand and of trained networks."""

import numpy as np
import pytest
from helpers import small_run, train_ensemble

from spikeloc.metrics.weight_measures import next_to_zero_percent, spectral_entropy


def test_measures_of_networks_do_not_depend_on_others() -> None:
    run = small_run(network={"w1": {"signs": "dale"}, "w2": {"signs": "dale", "method": "relu"}})
    both, alone = (train_ensemble(run, seeds).weights for seeds in ([1, 2], [2]))
    for layer in ("w1", "w2"):
        for measure in (next_to_zero_percent, spectral_entropy):
            assert measure(both[layer].numpy())[1] == measure(alone[layer].numpy())[0]


def test_spectral_entropy_by_hand() -> None:
    # singular values 3 and 1: p = 3/4, 1/4
    uneven = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)) / np.log(2)
    matrices = np.array([np.diag([3.0, -1.0]), np.eye(2), np.ones((2, 2)), np.zeros((2, 2))])
    made = spectral_entropy(matrices)
    assert made[:3] == pytest.approx([uneven, 1, 0], abs=1e-10) and np.isnan(made[3])
    assert not np.signbit(made[2])  # a table would say -0.0
    # a rectangular matrix has as many singular values as its shorter side
    assert spectral_entropy(np.eye(5, 3)) == pytest.approx(1)
    assert np.isnan(spectral_entropy(np.ones((2, 4, 1)))).all()  # a single singular value


def test_spectral_entropy_knows_no_scale_and_no_order() -> None:
    weights = np.random.default_rng(1).normal(size=(6, 4))
    expected = spectral_entropy(weights)
    assert spectral_entropy(-3 * weights[::-1]) == pytest.approx(expected)
    assert spectral_entropy(weights.T.astype(np.float32)) == pytest.approx(expected, rel=1e-5)


def test_weights_near_zero_are_counted() -> None:
    weights = np.array([[[0.0, -0.0009], [0.001, -2.0]], [[1.0, 2.0], [3.0, 0.0005]]])
    assert next_to_zero_percent(weights).tolist() == [50, 25]

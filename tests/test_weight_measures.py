"""Dead weights and spectral entropies of a stack."""

import numpy as np
import pytest
import torch

from helpers import small_run, train_stack
from spikeloc.analysis import dead_percent, spectral_entropy
from spikeloc.network import Weights
from spikeloc.weight_measures import COLUMNS, weight_measures


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
    trained = train_stack(run, [1, 2])
    made = weight_measures(trained.start, trained.weights)
    assert tuple(made) == COLUMNS
    for layer in ("w1", "w2"):
        start, kept = trained.start.layers()[layer].numpy(), trained.weights.layers()[layer].numpy()
        np.testing.assert_allclose(made[f"{layer}_entropy_start"], spectral_entropy(start))
        np.testing.assert_allclose(made[f"{layer}_entropy"], spectral_entropy(kept))
        assert made[f"{layer}_dead_percent"].tolist() == dead_percent(kept).tolist()
        assert not np.array_equal(start, kept)
    alone = train_stack(run, [2])
    for name, values in weight_measures(alone.start, alone.weights).items():
        assert values[0] == made[name][1]


def test_what_is_not_there_has_no_measure() -> None:
    nan = Weights(torch.full((2, 3, 2), torch.nan), None)
    made = weight_measures(nan, nan)
    assert np.isnan(made["w1_entropy"]).all() and np.isnan(made["w2_dead_percent"]).all()
    column = Weights(torch.ones(1, 3, 1), None)  # a single singular value
    assert np.isnan(weight_measures(column, column)["w1_entropy"]).all()

"""What weights look like: the order of hidden units, spectral entropy, dead weights."""

import numpy as np
import pytest

from spikeloc.analysis import (
    confusion_matrix,
    dead_percent,
    sort_hidden_units,
    spectral_entropy,
)


def test_units_are_sorted_by_position_and_unused_ones_come_last() -> None:
    # 3 fibres an ear: A = [0, 1, 2, 0, -1, -2]. Means of A w over 6 inputs, times 6:
    # unit 0: 2 (left, longest delay);          unit 1: -2 (right, longest);
    # unit 2: 0.4 * 2 - but its largest weight is 0.4 < 0.5: unused
    # unit 3: 1 - 1 = 0;                        unit 4: nothing at all: unused, position 0
    # unit 5: -2 * 0.4 - 1 = -1.8, used by 0.5
    w1 = np.array(
        [
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.5],
            [0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            [1.0, 0.0, 0.4, 0.0, 0.0, -0.4],
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 1.0, 0.0, 1.0],
            [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
        ]
    )
    assert sort_hidden_units(w1).tolist() == [1, 5, 3, 0, 4, 2]


def test_equal_units_keep_their_order() -> None:
    assert sort_hidden_units(np.ones((4, 5))).tolist() == [0, 1, 2, 3, 4]


def test_strong_inhibition_alone_is_unused() -> None:
    # the largest weight counts, not the largest magnitude
    w1 = np.array([[-3.0, 0.0], [-3.0, 0.6]])
    assert sort_hidden_units(w1).tolist() == [1, 0]


def test_confusion_of_several_networks() -> None:
    counts = np.array([[[3, 0], [1, 0]], [[1, 1], [1, 3]]])
    assert confusion_matrix(counts).tolist() == [
        [[0.75, 0.0], [0.25, 0.0]],  # class 1 never came
        [[0.5, 0.25], [0.5, 0.75]],
    ]


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

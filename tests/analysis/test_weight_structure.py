"""The order of hidden units."""

import numpy as np

from spikeloc.analysis.weight_structure import sort_hidden_units


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

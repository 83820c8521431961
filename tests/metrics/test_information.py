"""Mutual information worked out by hand, and of a channel whose information is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spikeloc.metrics.information import information_bits, information_error_bits

BIT = 1 / (2 * math.log(2))
MATRICES = arrays(np.int64, (4, 4), elements=st.integers(0, 9)).filter(lambda m: m.sum() > 0)


@pytest.mark.parametrize(
    ("counts", "plug_in", "cells"),
    [
        ([[5, 0], [0, 5]], 1.0, 2),  # a perfect answer to a fair question: 1 bit
        ([[5, 5], [5, 5]], 0.0, 4),
        ([[3, 1], [1, 3]], 0.188722, 4),  # 1 - H(1/4) = 1 + (log2(1/4) + 3 log2(3/4)) / 4
        ([[2, 0], [0, 1]], 0.918296, 2),  # H(1/3) = log2(3) - 2/3
    ],
)
def test_two_classes_by_hand(counts: list[list[int]], plug_in: float, cells: int) -> None:
    # bias (cells - 2 - 2 + 1) / (2 N ln 2)
    expected = plug_in - (cells - 3) * BIT / np.sum(counts)
    assert information_bits(counts) == pytest.approx(expected, abs=1e-6)


def test_answers_that_never_vary_tell_nothing() -> None:
    # one row of three: cells 3, rows 1, columns 3: no bias
    assert information_bits([[4, 2, 6], [0, 0, 0], [0, 0, 0]]).item() == 0


def test_perfect_answers_of_twelve_classes() -> None:
    # log2 12 = 3.58496 bits; cells = rows = columns = 12: 11 / (2 1200 ln 2) is added
    made = information_bits(100 * np.eye(12))
    assert made == pytest.approx(3.58496 + 11 * BIT / 1200, abs=1e-5)


def test_standard_error_by_hand() -> None:
    # [[3, 1], [1, 3]] of 8: i = log2(3/2) in 6 of 8 and log2(1/2) = -1 in 2; mean 0.188722
    mean = 0.75 * math.log2(1.5) - 0.25
    variance = 0.75 * math.log2(1.5) ** 2 + 0.25 - mean**2
    assert information_error_bits([[3, 1], [1, 3]]) == pytest.approx(math.sqrt(variance / 8))


@given(MATRICES, st.permutations(range(4)))
def test_names_and_order_of_classes_do_not_matter(counts: np.ndarray, order: list[int]) -> None:
    made = information_bits(counts)
    assert information_bits(counts.T) == pytest.approx(made, abs=1e-12)
    assert information_bits(counts[order]) == pytest.approx(made, abs=1e-12)


def test_matrices_are_scored_one_by_one() -> None:
    stacked = np.array([[[5, 0], [0, 5]], [[3, 1], [1, 3]], [[0, 0], [0, 0]]])
    made = information_bits(stacked)
    assert made[:2].tolist() == [information_bits(each).item() for each in stacked[:2]]
    assert np.isnan(made[2]) and np.isnan(information_error_bits(stacked)[2])


@pytest.mark.parametrize(("right", "samples"), [(1 / 12, 1000), (0.5, 1000), (0.9, 8000)])
def test_channel_of_known_information(right: float, samples: int) -> None:
    # twelve equal classes, an answer right with probability a, else any other: the information
    # is log2 12 + a log2 a + (1 - a) log2((1 - a) / 11)
    joint = np.full((12, 12), (1 - right) / 11)
    np.fill_diagonal(joint, right)
    true = math.log2(12) + right * math.log2(right) + (1 - right) * math.log2((1 - right) / 11)
    draws = np.random.default_rng(1).multinomial(samples, joint.ravel() / 12, size=1600)
    counts = draws.reshape(1600, 12, 12)
    made, error = information_bits(counts), information_error_bits(counts)
    # without its correction the mean would be off by 121 / (2 N ln 2): 0.087 bits of 1000 samples
    bias = 121 * BIT / samples
    assert np.std(made) / 40 < bias / 15
    assert np.mean(made) == pytest.approx(true, abs=bias / 4)
    if right > 0.1:  # to first order there is no variance without information
        assert np.mean(error) == pytest.approx(np.std(made), rel=0.15)

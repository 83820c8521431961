"""Shapes of the surrogate gradient: closed forms, and the native core against the reference."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers import small_run
from hypothesis import given
from hypothesis import strategies as st
from random_networks import assert_close, gradients, random_network, random_spikes

from spikeloc.config.parameters import Surrogate
from spikeloc.networks.neuron import surrogate_slope

SHAPES: list[Surrogate] = ["sigmoid", "fast_sigmoid", "superspike", "triangular"]


def at(excess: float, slope: float, shape: Surrogate) -> float:
    return surrogate_slope(torch.tensor(excess, dtype=torch.float64), slope, shape).item()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [  # at u = -0.1 and 0.1, where beta u = 1/2 in size
        ("fast_sigmoid", 2.5 / 1.5**2),
        ("superspike", 1 / 1.5**2),
        ("triangular", 5 * 0.5),
    ],
)
def test_slope_by_hand(shape: Surrogate, expected: float) -> None:
    for excess in (-0.1, 0.1):
        assert at(excess, 5.0, shape) == pytest.approx(expected, rel=1e-12)


def test_triangle_ends_and_superspike_keeps_its_height() -> None:
    assert at(0.2, 5.0, "triangular") == at(-0.7, 5.0, "triangular") == 0
    assert [at(0.0, slope, "superspike") for slope in (1.0, 5.0, 50.0)] == [1, 1, 1]


@pytest.mark.parametrize("shape", ["sigmoid", "fast_sigmoid", "triangular"])
@given(slope=st.floats(0.5, 50))
def test_slope_of_a_step_has_the_area_one(shape: Surrogate, slope: float) -> None:
    # u = x / (1 - x^2) maps all numbers to -1 .. 1
    x = torch.linspace(-1, 1, 20_001, dtype=torch.float64)[1:-1]
    weight = (1 + x**2) / (1 - x**2) ** 2
    scaled = surrogate_slope(x / (1 - x**2) / slope, slope, shape)
    assert (scaled * weight).sum().item() * 1e-4 / slope == pytest.approx(1, abs=2e-3)


@pytest.mark.parametrize("shape", SHAPES)
@given(slope=st.floats(0.5, 20), seed=st.integers(0, 2**32))
def test_native_gradients_are_those_of_the_reference(
    shape: Surrogate, slope: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    # potentials are exact (a decay of 1/2): a slope of 20 multiplies their rounding by 400
    neuron = {"tau_ms": 1 / math.log(2), "surrogate": shape, "surrogate_slope": slope}
    spikes = random_spikes(rng, (2, 3, 16, 19), 0.4)
    network = random_network(rng, 2, 19, 35, dyadic=True, **neuron)
    ours, theirs = (gradients(network, spikes, backend) for backend in ("native", "reference"))
    for a, b in zip(ours, theirs, strict=True):
        assert_close(a, b)


def test_shapes_differ_from_each_other() -> None:
    rng = np.random.default_rng(1)
    spikes, network = random_spikes(rng, (1, 3, 20, 19), 0.4), random_network(rng, 1, 19, 5)
    made = set()
    for shape in SHAPES:
        network.units = replace(network.units, surrogate=shape)
        made.add(gradients(network, spikes, "native")[2].numpy().tobytes())
    assert len(made) == len(SHAPES)


def test_unknown_shape_is_refused() -> None:
    core = pytest.importorskip("spikeloc.native._core")
    empty = np.zeros((1, 1, 1, 0, 32), np.float32)
    with pytest.raises(ValueError, match="unknown shape"):
        core.backward(
            np.zeros((1, 1, 1), np.uint8), np.zeros((1, 1), np.int64), np.zeros(2, np.float32),
            0.5, "square", 5.0, empty, np.zeros((1, 1, 1), np.float32),
            np.zeros((1, 1, 1), np.float32),
        )  # fmt: skip


def test_default_surrogate_is_the_sigmoid() -> None:
    assert small_run().network.surrogate == "sigmoid"
    assert at(0.3, 5.0, "sigmoid") == pytest.approx(5 / (2 * math.cosh(0.75)) ** 2, rel=1e-12)

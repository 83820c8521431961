"""Dale's principle: who is inhibitory, and that it stays so."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from helpers import ensemble, small_run, start_weights, train_ensemble
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import LayerParameters
from spikeloc.networks.initial_weights import uniform_weights
from spikeloc.networks.signs import make_constraint, presynaptic_signs


def dale(fraction: float) -> LayerParameters:
    return LayerParameters(signs="dale", inhibitory_fraction=fraction)


def signed(layer: LayerParameters, raw: Tensor, *seeds: int) -> Tensor:
    """The first layer's weight of networks of these seeds."""
    shape = (raw.shape[1], raw.shape[2])
    constraint = make_constraint(layer, "w1", shape, [NetworkId(seed) for seed in seeds])
    return raw if constraint is None else constraint(raw)


def inhibitory(fraction: float, units: int, seed: int = 1, name: str = "w1") -> set[int]:
    signs = presynaptic_signs(dale(fraction), name, units, seed)
    assert set(signs.tolist()) <= {-1, 1} and signs.shape == (units,)
    return set(np.flatnonzero(signs < 0).tolist())


@pytest.mark.parametrize(
    ("units", "fraction", "count"),
    [
        (200, 0.1, 20),
        (30, 0.5, 15),
        (30, 0.05, 2),  # 1.5, half up
        (15, 0.3, 5),  # 4.5, half up
        (30, 0.15, 5),  # 4.5, half up
        (14, 0.25, 4),  # 3.5, half up
        (50, 0.29, 15),  # 14.5, in doubles 14.499999999999998
        (30, 0.04, 1),  # 1.2
        (30, 0.06, 2),  # 1.8
        (200, 0.7, 140),  # in doubles 140.00000000000003 or 139.99999999999997
        (7, 0.0, 0),
        (7, 1.0, 7),
    ],
)
def test_counts_are_rounded_half_up(units: int, fraction: float, count: int) -> None:
    assert len(inhibitory(fraction, units)) == count


@given(low=st.floats(0, 1), high=st.floats(0, 1), units=st.integers(1, 60), seed=st.integers(0, 9))
def test_inhibitory_units_are_nested_across_fractions(
    low: float, high: float, units: int, seed: int
) -> None:
    low, high = sorted((low, high))
    assert inhibitory(low, units, seed) <= inhibitory(high, units, seed)


def test_each_seed_and_layer_has_its_own_units() -> None:
    assert inhibitory(0.5, 30) == inhibitory(0.5, 30)
    chosen = [
        frozenset(inhibitory(0.5, 30, seed, name)) for seed in range(4) for name in ("w1", "w2")
    ]
    assert len(set(chosen)) == 8


def test_positive_layers_have_no_inhibitory_units() -> None:
    layer = LayerParameters(signs="positive", inhibitory_fraction=1.0)
    assert presynaptic_signs(layer, "w1", 9, 1).tolist() == [1] * 9


def test_effective_weights_by_hand() -> None:
    # every unit of the first layer is inhibitory: -|raw|; none is: |raw|; free: raw
    raw = torch.tensor([[[0.5, -2.0], [0.0, 3.0]]])
    expected = {
        "dale": [[[-0.5, -2.0], [0.0, -3.0]]],
        "positive": [[[0.5, 2.0], [0.0, 3.0]]],
        "free": raw.tolist(),
    }
    for signs, weight in expected.items():
        layer = LayerParameters.model_validate({"signs": signs, "inhibitory_fraction": 1.0})
        assert signed(layer, raw, 1).tolist() == weight


def test_signs_belong_to_presynaptic_units_of_each_network() -> None:
    weight = signed(dale(0.4), torch.full((2, 10, 3), -0.5), 1, 2)
    for n, seed in enumerate([1, 2]):
        for unit in range(10):
            sign = -1 if unit in inhibitory(0.4, 10, seed) else 1
            assert weight[n, unit].tolist() == [0.5 * sign] * 3


def test_some_networks_of_an_ensemble_keep_their_signs() -> None:
    network = ensemble(small_run(network={"w2": dale(0.5)}), [1, 2, 3])
    whole = network.signed_weights()["w2"]
    network.keep_([2, 0])
    chosen = network.signed_weights()["w2"]
    assert torch.equal(chosen, whole[[2, 0]])
    assert not torch.equal(chosen[0].sign(), chosen[1].sign())


def test_gradients_are_signs_and_zero_at_zero() -> None:
    # w = -|raw|: dw/d(raw) = -1, 0, +1 at raw = 2, 0, -2
    raw = torch.tensor([[[2.0, 0.0, -2.0]]], requires_grad=True)
    signed(dale(1.0), raw, 1).sum().backward()  # type: ignore[no-untyped-call]
    assert raw.grad is not None and raw.grad.tolist() == [[[-1, 0, 1]]]


@pytest.mark.parametrize(
    ("w1", "w2"),
    [
        ({"signs": "dale"}, {"signs": "dale"}),
        ({"signs": "positive"}, {"signs": "dale"}),
        ({"signs": "dale", "inhibitory_fraction": 0.25}, {"signs": "positive"}),
    ],
)
def test_trained_weights_keep_their_signs(w1: Mapping[str, Any], w2: Mapping[str, Any]) -> None:
    run = small_run(network={"w1": w1, "w2": w2}, training={"learning_rate": 0.2})
    seeds = [1, 2]
    trained = train_ensemble(run, seeds).weights
    start = start_weights(run, seeds)
    for name, layer in (("w1", run.network.w1), ("w2", run.network.w2)):
        for n, seed in enumerate(seeds):
            weight = trained[name][n].numpy()
            sign = presynaptic_signs(layer, name, len(weight), seed)
            assert (weight * sign[:, None] >= 0).all()
            assert not np.allclose(np.abs(weight), start[name][n].abs(), atol=0.1)  # it was trained


def test_networks_are_paired_across_constraints() -> None:
    # the same |W| to begin with: a learning rate of next to nothing leaves it as it was
    training = {"learning_rate": 1e-30, "epochs": 1}
    magnitudes = []
    for signs in ("free", "dale", "positive"):
        layer = {"signs": signs}
        run = small_run(network={"w1": layer, "w2": layer}, training=training)
        magnitudes.append({k: w.abs() for k, w in train_ensemble(run, [1, 2]).weights.items()})
    for n, seed in enumerate([1, 2]):
        for name, shape in (("w1", (14, 6)), ("w2", (6, 4))):
            expected = uniform_weights(name, shape, seed).abs()
            assert all(torch.equal(each[name][n], expected) for each in magnitudes)

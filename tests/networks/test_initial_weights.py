"""Initialisations that balance excitation and inhibition."""

import math

import numpy as np
import pytest
import torch
from helpers import ensemble, small_run, start_weights
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import LayerParameters
from spikeloc.networks.initial_weights import balanced, column_ei_means, initial_weights
from spikeloc.networks.signs import presynaptic_signs

NETWORK_IDS = [NetworkId(1), NetworkId(2)]


def test_column_ei_means_by_hand() -> None:
    # 3 excitatory units, 1 inhibitory: n_e + n_e^2 / n_i = 12; inhibition three times as strong
    sigma_e = 1 / math.sqrt((2 * math.pi - 1) / (2 * math.pi) * 12)
    made = column_ei_means(np.array([False, True, False, False]))
    assert made == pytest.approx([sigma_e, 3 * sigma_e, sigma_e, sigma_e])


def test_column_ei_weights_are_exponential() -> None:
    # 160 excitatory and 40 inhibitory units: sigma_e = (0.840845 * 800)^-0.5 = 0.038557
    layer = LayerParameters(signs="dale", inhibitory_fraction=0.2, initialisation="column_ei")
    made = initial_weights(layer, "w1", (200, 30), NETWORK_IDS).double()
    assert made.min() >= 0 and not torch.equal(made[0], made[1])
    for n in range(2):
        inhibitory = torch.from_numpy(presynaptic_signs(layer, "w1", 200, 1 + n) < 0)
        for chosen, mean in ((~inhibitory, 0.038557), (inhibitory, 0.154228)):
            drawn = made[n, chosen]
            error = mean / math.sqrt(drawn.numel())
            assert abs(drawn.mean() - mean) < 4 * error
            assert abs((drawn > mean).double().mean() - math.exp(-1)) < 4 * error / mean


def test_balancing_by_hand() -> None:
    # magnitudes 1, 1, 2, 4 and 8 = 16 in all, the last inhibitory: 8 each already;
    # with the first one inhibitory it gets 8 and the other three are scaled by 8 / 15
    drawn = np.array([[1.0], [-1.0], [2.0], [-4.0], [8.0]])
    last = balanced(drawn, np.array([False] * 4 + [True]))
    assert last.ravel().tolist() == [1, -1, 2, -4, 8]
    first = balanced(drawn, np.array([True] + [False] * 4))
    assert first.ravel() == pytest.approx([8, -8 / 15, 16 / 15, -32 / 15, 64 / 15])


@given(fraction=st.floats(0.1, 0.9), seed=st.integers(0, 9))
def test_balanced_layers_are_equal_in_both_signs(fraction: float, seed: int) -> None:
    layer = {"signs": "dale", "inhibitory_fraction": fraction, "initialisation": "balanced"}
    run = small_run(network={"w1": layer, "w2": layer})
    made = ensemble(run, [seed]).signed_weights()
    for name, drawn in start_weights(run, [seed]).items():
        half = drawn.abs().sum().item() / 2
        assert made[name].clamp(min=0).sum().item() == pytest.approx(half, rel=1e-5)
        assert made[name].clamp(max=0).sum().item() == pytest.approx(-half, rel=1e-5)

"""Hidden units that are reset by subtraction, adapt their threshold or are refractory: against
numbers by hand and a plain loop over the equations of docs/model.md, "Neuron"."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from plain_units import plain_unit

from spikeloc.networks.neuron import LIFUnits
from spikeloc.primer.adaptive_threshold import AdaptiveThreshold

pytestmark = pytest.mark.long


def trace(drive: list[float], **changed: Any) -> tuple[list[float], list[float]]:
    """Potentials and spikes at t = 0 .. len(drive), with an alpha of 1/2: exact numbers."""
    values = torch.tensor([*drive, 0.0], dtype=torch.float64)[:, None]
    states = list(LIFUnits(0.5, 5.0, **changed).states(values))
    return [each.potential.item() for each in states], [each.spikes.item() for each in states]


def test_subtraction_comes_one_step_after_each_spike() -> None:
    # v[2] = 1.125 and v[3] = 1.3125 spike at 3 and 4; v[4] = 0.65625 + 0.75 - s[3] = 0.40625,
    # v[5] = 0.203125 + 0.75 - s[4] = -0.046875; v[6] = -0.0234375 + 0.75
    potential, spikes = trace([0.75] * 6, reset="subtract")
    assert potential == [0, 0.75, 1.125, 1.3125, 0.40625, -0.046875, 0.7265625]
    assert spikes == [0, 0, 0, 1, 1, 0, 0]


def test_the_threshold_jumps_with_the_reset_and_decays() -> None:
    # v[1] = 1.5 spikes at 2; the threshold is 1, 1, 1, 2, 1.5, 1.25, 1.125: v[4] = 1.5 does not
    # exceed 1.5, v[5] = 1.5 exceeds 1.25 and spikes at 6
    drive = [1.5, 0, 0, 1.5, 0.75, 0]
    changed = {"threshold_alpha": 0.5, "threshold_jump": 1.0}
    potential, spikes = trace(drive, **changed)
    assert potential == [0, 1.5, 0.75, 0, 1.5, 1.5, 0.75]
    assert spikes == [0, 0, 1, 0, 0, 0, 1]
    # what is subtracted is the threshold at the spike: v[7] = 0.375 - 1.125
    assert trace([*drive, 0], **changed, reset="subtract")[0][2:4] == [0.75, -0.625]
    assert trace([*drive, 0], **changed)[0][7] == 0


def test_a_refractory_unit_neither_spikes_nor_takes_up_drive() -> None:
    # v[2] = 3 and v[1] = 2 exceed 1, but the spike at 2 leaves only drive[5] = 2 to count again
    potential, spikes = trace([2.0] * 7, refractory_steps=3)
    assert potential == [0, 2, 3, 0, 0, 0, 2, 3]
    assert spikes == [0, 0, 1, 0, 0, 0, 0, 1]
    assert trace([2.0] * 7)[1] == [0, 0, 1, 1, 0, 0, 1, 1]
    # at once: drives 1 to 3 are lost
    potential, spikes = trace([2.0] * 7, refractory_steps=3, reset="immediate")
    assert potential == [0] * 8
    assert spikes == [0, 1, 0, 0, 0, 1, 0, 0]


def test_an_immediate_reset_and_a_jump_are_the_primers_neuron() -> None:
    rng = np.random.default_rng(3)
    drive = rng.choice([0.0, 0.6, 0.9], 400)
    primer = AdaptiveThreshold(tau_ms=10.0, threshold_tau_ms=60.0, threshold_jump=0.4)
    potential, threshold, spikes = primer.run(drive, 1.0)
    units = LIFUnits(
        math.exp(-1 / 10), 5.0, reset="immediate", threshold_alpha=math.exp(-1 / 60),
        threshold_jump=0.4,
    )  # fmt: skip
    made = list(units.states(torch.from_numpy(np.append(drive, 0.0))[:, None]))
    np.testing.assert_array_equal([each.spikes.item() for each in made], spikes)
    np.testing.assert_array_equal([each.potential.item() for each in made], potential)
    adapted = [1 + float(each.adaptation) for each in made]
    np.testing.assert_allclose(adapted, threshold, rtol=1e-12)
    assert 20 < spikes.sum() < 200


@given(
    reset=st.sampled_from(["late", "immediate", "subtract"]),
    jump=st.sampled_from([0.0, 0.3, 1.0]),
    refractory=st.integers(0, 5),
    seed=st.integers(0, 2**32),
)
def test_units_equal_a_plain_loop_to_the_last_bit(
    reset: Any, jump: float, refractory: int, seed: int
) -> None:
    units = LIFUnits(0.8, 5.0, "sigmoid", reset, 0.9, jump, refractory)
    drive = torch.from_numpy(np.random.default_rng(seed).normal(0.4, 0.6, (25, 3)))
    states = list(units.states(drive))
    for j in range(3):
        v, s = plain_unit([*drive[:, j]], units)
        assert [each.potential[j].item() for each in states] == [each.item() for each in v]
        found = [each.spikes[j].item() for each in states]
        assert found == [each.item() for each in s]
        at = np.flatnonzero(found)
        assert len(at) < 2 or np.diff(at).min() > refractory

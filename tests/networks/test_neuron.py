"""The neuron against traces and slopes worked out by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.networks.neuron import (
    LIFState,
    LIFUnits,
    SurrogateHeaviside,
    decay,
    integrator_step,
    integrator_sum_weights,
)

HALF = 0.5  # a dyadic alpha: every value below is exact
UNITS = LIFUnits(HALF, 5.0)


def lif_trace(drive: list[float]) -> tuple[list[float], list[float]]:
    """Potentials and spikes at t = 0 .. len(drive)."""
    trace = [*UNITS.states(torch.tensor([*drive, 0.0])[:, None])]
    return [each.potential.item() for each in trace], [each.spikes.item() for each in trace]


def slope_of_heaviside(excess: float, slope: float) -> float:
    u = torch.tensor([excess], dtype=torch.float64, requires_grad=True)
    SurrogateHeaviside.apply(u, slope).sum().backward()  # type: ignore[no-untyped-call]
    assert u.grad is not None
    return u.grad.item()


def test_spike_and_reset_each_come_one_step_late() -> None:
    # v[1] = 0.75; v[2] = 0.375 + 0.75 = 1.125 > 1 -> s[3] = 1; v[3] = 0.5625 + 0.75 = 1.3125 > 1
    # -> s[4] = 1; v[4] = (...)(1 - s[3]) = 0 -> s[5] = 0; v[5] = (...)(1 - s[4]) = 0;
    # v[6] = 0 + 0.75
    potential, spikes = lif_trace([0.75] * 6)
    assert potential == [0, 0.75, 1.125, 1.3125, 0, 0, 0.75]
    assert spikes == [0, 0, 0, 1, 1, 0, 0]


def test_a_single_strong_input_spikes_once_after_two_steps() -> None:
    # v[1] = 1.5 -> s[2] = 1; v[2] = 0.75 -> s[3] = 0; v[3] = 0.375 (1 - s[2]) = 0
    potential, spikes = lif_trace([1.5, 0, 0, 0])
    assert potential == [0, 1.5, 0.75, 0, 0]
    assert spikes == [0, 0, 1, 0, 0]


def test_the_reset_swallows_the_drive_of_its_step() -> None:
    # s[2] = 1, so that drive[2] = 8 is multiplied by 0; drive[3] = 0.5 is the first to count again
    potential, spikes = lif_trace([1.5, 0, 8, 0.5])
    assert potential == [0, 1.5, 0.75, 0, 0.5]
    assert spikes == [0, 0, 1, 0, 0]


def test_a_potential_of_exactly_one_does_not_spike() -> None:
    # v[1] = 1, v[2] = 0.5 + 0.5 = 1, ...: at the threshold and never above it
    potential, spikes = lif_trace([1.0, 0.5, 0.5, 0.5])
    assert potential == [0, 1, 1, 1, 1]
    assert spikes == [0] * 5


def test_negative_potentials_are_not_clipped() -> None:
    # v[2] = 0.5 * -2 + 0.25 = -0.75, v[3] = -0.375
    assert lif_trace([-2, 0.25, 0]) == ([0, -2, -0.75, -0.375], [0, 0, 0, 0])


def test_units_do_not_touch_each_other() -> None:
    state = LIFState(torch.tensor([[1.5, 0.5]]), torch.tensor([[0.0, 1.0]]))
    after = UNITS.step(torch.tensor([[0.25, 0.25]]), state)
    # 0.5 * 1.5 + 0.25 = 1, and the second is reset
    assert after.potential.tolist() == [[1.0, 0.0]]
    assert after.spikes.tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("slope", [1.0, 5.0, 20.0])
@pytest.mark.parametrize("excess", [-1.0, -0.3, -0.01, 0.0, 0.2, 1.7])
def test_surrogate_is_the_slope_of_a_sigmoid(excess: float, slope: float) -> None:
    sigma = 1 / (1 + math.exp(-slope * excess))
    expected = slope * sigma * (1 - sigma)
    assert slope_of_heaviside(excess, slope) == pytest.approx(expected, rel=1e-12)


def test_surrogate_at_the_threshold_is_a_quarter_of_the_slope() -> None:
    # sigma(0) = 1/2: 5 * 1/2 * 1/2 = 1.25
    assert slope_of_heaviside(0.0, 5.0) == 1.25


def test_heaviside_is_one_only_above_zero() -> None:
    u = torch.tensor([-1.0, 0.0, 1e-30, 2.0])
    spikes = SurrogateHeaviside.apply(u, 5.0)  # type: ignore[no-untyped-call]
    assert spikes.tolist() == [0, 0, 1, 1]


def test_gradient_flows_through_the_reset_factor() -> None:
    # v' = (0.5 v + h)(1 - s): dv'/dv = 0.5 * 0.75, dv'/dh = 0.75, dv'/ds = -(0.5 * 2 + 1) = -2
    v, s, h = (torch.tensor([x], requires_grad=True) for x in (2.0, 0.25, 1.0))
    UNITS.step(h, LIFState(v, s)).potential.sum().backward()  # type: ignore[no-untyped-call]
    gradients = [each.grad.item() for each in (v, s, h) if each.grad is not None]
    assert gradients == [0.375, -2.0, 0.75]


def test_leaky_integrator_trace() -> None:
    # o[1] = 1, o[2] = 0.5, o[3] = 0.25 - 2 = -1.75, o[4] = -0.875 + 4 = 3.125
    o = torch.zeros(1)
    trace = []
    for drive in (1.0, 0.0, -2.0, 4.0):
        o = integrator_step(torch.tensor([drive]), o, HALF)
        trace.append(o.item())
    assert trace == [1, 0.5, -1.75, 3.125]


def test_decay_over_one_time_constant_is_one_over_e() -> None:
    assert decay(20.0, 20.0) == pytest.approx(0.36787944117144233, rel=1e-15)
    assert decay(5.0, 1.0) == pytest.approx(0.8187307530779818, rel=1e-15)  # exp(-0.2)


def test_sum_weights_by_hand() -> None:
    # (1 - alpha^n) / (1 - alpha) = 1 + 1/2 + ... for n = T-1-t = 3, 2, 1, 0
    assert integrator_sum_weights(4, HALF).tolist() == [1.75, 1.5, 1.0, 0.0]


@given(steps=st.integers(1, 40), alpha=st.floats(0.0, 0.99), data=st.data())
def test_sum_weights_do_what_the_readout_loop_does(
    steps: int, alpha: float, data: st.DataObject
) -> None:
    drive = data.draw(st.lists(st.integers(-3, 3), min_size=steps, max_size=steps))
    o, total = 0.0, 0.0
    for t in range(steps):  # o[0] = 0; o[t+1] = alpha o[t] + drive[t]; sum of o[0] .. o[T-1]
        total += o
        o = alpha * o + drive[t]
    weighted = float(np.dot(integrator_sum_weights(steps, alpha).numpy(), drive))
    assert weighted == pytest.approx(total, rel=1e-9, abs=1e-9)

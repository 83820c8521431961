"""Leaky integrate-and-fire neurons: docs/model.md, "Neuron".

Between spikes the membrane potential decays, ``tau dv/dt = -v``, so ``alpha = exp(-dt / tau)`` per
time step. At the threshold 1 the neuron spikes and is reset to 0. In discrete time spike and reset
both come one step late, as in the notebooks:

    v[t+1] = (alpha v[t] + h[t]) (1 - s[t])        s[t+1] = H(v[t] - 1)

with the drive ``h``, ``v[0] = s[0] = 0``, and H(u) = 1 for u > 0. :class:`LIFUnits` has other
resets, a threshold that adapts, and a refractory period as well. The gradient flows through the
reset; the derivative of H is replaced by a bump around the threshold (surrogate gradient: Neftci,
Mostafa & Zenke 2019, doi 10.1109/MSP.2019.2931595), by default the derivative of a sigmoid:
docs/model.md, "Surrogate gradient".
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from spikeloc.config.parameters import Reset, Surrogate

THRESHOLD = 1.0


class LIFState(NamedTuple):
    """One time step, any shape: membrane potential; spikes, 0 or 1; by how much the threshold
    exceeds 1; and for how many more steps a unit is refractory, None if units never are."""

    potential: Tensor
    spikes: Tensor
    adaptation: Tensor | float = 0.0
    refractory: Tensor | None = None


def decay(tau_ms: float, time_step_ms: float) -> float:
    """``alpha = exp(-dt / tau)``, the share of a potential that is left after one time step."""
    return math.exp(-time_step_ms / tau_ms)


class SurrogateHeaviside(torch.autograd.Function):
    """H(u) in the forward pass, :func:`surrogate_slope` in the backward pass; any shape."""

    @staticmethod
    def forward(ctx: Any, excess: Tensor, slope: float, shape: Surrogate = "sigmoid") -> Tensor:
        ctx.save_for_backward(excess)
        ctx.slope, ctx.shape = slope, shape
        return (excess > 0).to(excess.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (excess,) = ctx.saved_tensors
        return gradients[0] * surrogate_slope(excess, ctx.slope, ctx.shape), None, None


def surrogate_slope(excess: Tensor, slope: float, shape: Surrogate) -> Tensor:
    """Surrogate of the derivative of H(u), same shape as u, with ``x = beta u`` and slope beta:

    - ``sigmoid``: ``beta sigma(x) (1 - sigma(x))``
    - ``fast_sigmoid``: ``beta / 2 / (1 + |x|)^2``, the derivative of ``(1 + x / (1 + |x|)) / 2``
    - ``superspike``: ``1 / (1 + |x|)^2``, the same but with height 1 whatever the slope
      (Zenke & Ganguli 2018, doi 10.1162/neco_a_01086)
    - ``triangular``: ``beta max(0, 1 - |x|)``

    All but ``superspike`` have area 1, like the derivative of a step.
    """
    scaled = slope * excess
    if shape == "sigmoid":
        sigma = torch.sigmoid(scaled)
        return slope * sigma * (1 - sigma)
    if shape == "triangular":
        return slope * (1 - scaled.abs()).clamp(min=0)
    peak = slope / 2 if shape == "fast_sigmoid" else 1.0
    return peak / (1 + scaled.abs()) ** 2


@dataclass(frozen=True)
class LIFUnits:
    """Leaky integrate-and-fire units.

    ``alpha``: decay of the potential per time step; ``slope``, ``surrogate``: of the surrogate
    gradient; ``reset``: by which a unit is reset, and when; ``threshold_alpha``: decay of the
    threshold to 1 per time step; ``threshold_jump``: what a spike adds to it; ``refractory_steps``:
    how long a unit neither spikes nor takes up drive after a spike.
    """

    alpha: float
    slope: float
    surrogate: Surrogate = "sigmoid"
    reset: Reset = "late"
    threshold_alpha: float = 0.0
    threshold_jump: float = 0.0
    refractory_steps: int = 0

    def start(self, drive: Tensor) -> LIFState:
        """The state at t = 0, at rest without spikes, shaped like the drive of one time step."""
        rest = torch.zeros_like(drive)
        return LIFState(rest, rest, refractory=rest if self.refractory_steps else None)

    def step(self, drive: Tensor, state: LIFState) -> LIFState:
        """From the state at t and the drive ``h[t]``, of any one shape, to the state at t + 1."""
        ready = None if state.refractory is None else state.refractory == 0
        if ready is not None:
            drive = drive * ready
        charged = self.alpha * state.potential + drive
        adaptation = self.threshold_alpha * state.adaptation
        late = self.reset != "immediate"
        threshold = THRESHOLD + (state.adaptation if late else adaptation)
        excess = (state.potential if late else charged) - threshold
        spikes: Tensor = SurrogateHeaviside.apply(excess, self.slope, self.surrogate)  # type: ignore[no-untyped-call]
        if ready is not None:
            spikes = spikes * ready
        resetting = state.spikes if late else spikes
        if self.reset == "subtract":
            potential = charged - threshold * resetting
        else:
            potential = charged * (1 - resetting)
        if self.threshold_jump:
            adaptation = adaptation + self.threshold_jump * resetting
        if state.refractory is None:
            return LIFState(potential, spikes, adaptation)
        left = (state.refractory - 1).clamp(min=0)
        refractory = torch.where(spikes > 0, float(self.refractory_steps), left)
        return LIFState(potential, spikes, adaptation, refractory)

    def states(self, drive: Tensor) -> Iterator[LIFState]:
        """The state of each time step, from the start on, of a drive (..., steps, units)."""
        state = self.start(drive[..., 0, :])
        yield state
        for step_drive in drive.unbind(-2)[:-1]:
            state = self.step(step_drive, state)
            yield state


def integrator_step(drive: Tensor, potential: Tensor, alpha: float) -> Tensor:
    """A leaky integrator without spikes, any shape: ``o[t+1] = alpha o[t] + drive[t]``."""
    return alpha * potential + drive


def integrator_potentials(drive: Tensor, alpha: float) -> Tensor:
    """Potentials of leaky integrators, from 0 on, of a drive (..., steps, units), same shape."""
    potential = torch.zeros_like(drive[..., 0, :])
    potentials = [potential]
    for step_drive in drive.unbind(-2)[:-1]:
        potential = integrator_step(step_drive, potential, alpha)
        potentials.append(potential)
    return torch.stack(potentials, dim=-2)


def integrator_last_weights(steps: int, alpha: float) -> Tensor:
    """``alpha^(T-2-t)``, and 0 for the last step, float64 (steps,): the weights of the drive in the
    last potential of a leaky integrator. Source: docs/model.md, "Readout"."""
    remaining = torch.arange(steps - 2, -2, -1, dtype=torch.float64)
    return torch.where(remaining < 0, 0.0, alpha**remaining)


def integrator_sum_weights(steps: int, alpha: float) -> Tensor:
    """``g[t] = (1 - alpha^(T-1-t)) / (1 - alpha)``, float64 (steps,).

    The sum over time of a leaky integrator is linear in its drive: ``sum_t o[t] = sum_t g[t]
    drive[t]``, so neither training nor evaluation needs a loop over the readout. Source:
    docs/model.md, "Readout".
    """
    remaining = torch.arange(steps - 1, -1, -1, dtype=torch.float64)
    return (1 - alpha**remaining) / (1 - alpha)

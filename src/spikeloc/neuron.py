"""Leaky integrate-and-fire neurons as pure functions (spec section 3).

Between spikes the membrane potential decays, ``tau dv/dt = -v``, so ``alpha = exp(-dt / tau)`` per
time step. At the threshold 1 the neuron spikes and is reset to 0. In discrete time both come one
step late, as in the notebooks:

    v[t+1] = (alpha v[t] + h[t]) (1 - s[t])        s[t+1] = H(v[t] - 1)

with the drive ``h``, ``v[0] = s[0] = 0``, and H(u) = 1 for u > 0. The gradient flows through the
reset factor; that of H is replaced by the derivative of a sigmoid (surrogate gradient: Neftci,
Mostafa & Zenke 2019, doi 10.1109/MSP.2019.2931595).
"""

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor

THRESHOLD = 1.0


class LIFState(NamedTuple):
    """Membrane potential and spikes (0 or 1) of one time step, any shape."""

    potential: Tensor
    spikes: Tensor


def decay(tau_ms: float, time_step_ms: float) -> float:
    """``alpha``, what is left of a potential after one time step."""
    return math.exp(-time_step_ms / tau_ms)


class SurrogateHeaviside(torch.autograd.Function):
    """H(u) forward; backward the slope ``beta sigma(beta u) (1 - sigma(beta u))``."""

    @staticmethod
    def forward(ctx: Any, excess: Tensor, slope: float) -> Tensor:
        ctx.save_for_backward(excess)
        ctx.slope = slope
        return (excess > 0).to(excess.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (excess,) = ctx.saved_tensors
        sigma = torch.sigmoid(ctx.slope * excess)
        return gradients[0] * (ctx.slope * sigma * (1 - sigma)), None


def lif_start(drive: Tensor) -> LIFState:
    """The state at t = 0, shaped like one time step's drive: at rest, no spike."""
    return LIFState(torch.zeros_like(drive), torch.zeros_like(drive))


def lif_step(drive: Tensor, state: LIFState, alpha: float, slope: float) -> LIFState:
    """From the state at t and the drive ``h[t]`` to the state at t + 1."""
    excess = state.potential - THRESHOLD
    spikes: Tensor = SurrogateHeaviside.apply(excess, slope)  # type: ignore[no-untyped-call]
    potential = (alpha * state.potential + drive) * (1 - state.spikes)
    return LIFState(potential, spikes)


def integrator_step(drive: Tensor, potential: Tensor, alpha: float) -> Tensor:
    """A leaky integrator without spikes: ``o[t+1] = alpha o[t] + drive[t]``."""
    return alpha * potential + drive


def integrator_sum_weights(steps: int, alpha: float) -> Tensor:
    """``g[t] = (1 - alpha^(T-1-t)) / (1 - alpha)``, float64 (steps,).

    The sum over time of a leaky integrator is linear in its drive: ``sum_t o[t] = sum_t g[t]
    drive[t]``, so that neither training nor evaluation needs a loop over the readout.
    """
    remaining = torch.arange(steps - 1, -1, -1, dtype=torch.float64)
    return (1 - alpha**remaining) / (1 - alpha)

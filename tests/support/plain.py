"""The neuron's equations, their gradients and Adam once more: plain loops, IEEE doubles."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from spikeloc.config.parameters import RunParameters

Floats = npt.NDArray[np.float64]


def plain_hidden(drive: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Potentials and spikes (steps, units) of LIF units by their equations, one by one."""
    steps, units = drive.shape
    v, s = np.zeros((steps, units)), np.zeros((steps, units))
    for j in range(units):
        for t in range(steps - 1):
            v[t + 1, j] = (alpha * v[t, j] + drive[t, j]) * (1 - s[t, j])
            s[t + 1, j] = 1.0 if v[t, j] - 1 > 0 else 0.0
    return v, s


def plain_immediate(drive: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Potentials before the reset, and spikes (steps, units), of LIF units that spike and are reset
    in the same step."""
    steps, units = drive.shape
    charged, s = np.zeros((steps, units)), np.zeros((steps, units))
    for j in range(units):
        v = 0.0
        for t in range(steps - 1):
            charged[t + 1, j] = alpha * v + drive[t, j]
            s[t + 1, j] = 1.0 if charged[t + 1, j] > 1 else 0.0
            v = 0.0 if s[t + 1, j] else charged[t + 1, j]
    return charged, s


def leaky(drive: Iterable[Any], alpha: float) -> list[Any]:
    """Potentials of a leaky integrator, from its drive in each time step."""
    *driven, last = drive
    o = [0 * last]
    for value in driven:
        o.append(alpha * o[-1] + value)
    return o


def plain_readout(drive: Floats, alpha: float) -> Floats:
    """Potentials (steps, units) of leaky integrators."""
    return np.stack(leaky(drive, alpha))


def plain_alpha(run: RunParameters) -> float:
    """What is left of a potential after a time step."""
    return math.exp(-run.stimulus.time_step_ms / run.network.tau_ms)


def plain_gradients(
    x: Floats,
    w1: Floats,
    w2: Floats,
    target: int,
    run: RunParameters,
    d_counts: Floats | float = 0.0,
) -> tuple[Floats, Floats]:
    """Gradients of one sample's cross-entropy by an unrolled backward pass, by hand; ``d_counts``
    is the gradient of what else the loss has of each hidden unit's number of spikes."""
    alpha, beta, steps = plain_alpha(run), run.network.surrogate_slope, len(x)
    drive, immediate = x @ w1, run.network.reset == "immediate"
    v, s = (plain_immediate if immediate else plain_hidden)(drive, alpha)
    logits = run.network.logit_scale * plain_readout(s @ w2, alpha).sum(0)
    share = np.exp(logits - logits.max())
    d_logits = share / share.sum() - np.eye(len(logits))[target]
    # the readout backwards: do[t] is the gradient of o[t], which feeds the sum and o[t+1]
    do, d_readout = np.zeros_like(logits), np.zeros((steps, len(logits)))
    for t in reversed(range(steps)):
        d_readout[t] = do  # drive[t] enters o[t+1], whose gradient do still is
        do = run.network.logit_scale * d_logits + alpha * do
    ds, d_drive = d_readout @ w2.T + d_counts, np.zeros_like(drive)
    dv = np.zeros(drive.shape[1])  # of v[t+1]
    for t in reversed(range(steps - 1)):
        if immediate:  # v is the potential before the reset
            sigma = 1 / (1 + np.exp(-beta * (v[t + 1] - 1)))
            of_spike = ds[t + 1] - dv * v[t + 1]
            d_drive[t] = dv * (1 - s[t + 1]) + of_spike * beta * sigma * (1 - sigma)
            dv = alpha * d_drive[t]
            continue
        before_reset = alpha * v[t] + drive[t]
        d_drive[t] = dv * (1 - s[t])
        ds[t] -= dv * before_reset
        sigma = 1 / (1 + np.exp(-beta * (v[t] - 1)))
        dv = alpha * dv * (1 - s[t]) + ds[t + 1] * beta * sigma * (1 - sigma)
    return x.T @ d_drive, s.T @ d_readout


class PlainAdam:
    """Adam (Kingma & Ba 2015) for one matrix, with the usual betas and epsilon."""

    def __init__(self, weight: Floats, learning_rate: float) -> None:
        self.weight, self.learning_rate = weight, learning_rate
        self.mean, self.square, self.count = np.zeros_like(weight), np.zeros_like(weight), 0

    def step(self, gradient: Floats) -> None:
        """Move the weight."""
        self.count += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.999 * self.square + 0.001 * gradient**2
        mean = self.mean / (1 - 0.9**self.count)
        square = self.square / (1 - 0.999**self.count)
        self.weight = self.weight - self.learning_rate * mean / (np.sqrt(square) + 1e-8)

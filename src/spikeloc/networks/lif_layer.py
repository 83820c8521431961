"""A layer of LIF units with its gradient written out, as one operation of autograd.

It gives the same as autograd through :mod:`spikeloc.networks.neuron` except for rounding, in less
time, for networks that the native core does not have. See docs/model.md, "Neuron".
"""

from typing import Any

import torch
from torch import Tensor

from spikeloc.config.parameters import Surrogate
from spikeloc.networks.neuron import THRESHOLD, surrogate_slope


class LIFLayer(torch.autograd.Function):
    """From the drive of LIF units to their spikes, summed over time."""

    @staticmethod
    def forward(
        ctx: Any,
        drive: Tensor,
        scale: Tensor,
        alpha: float,
        slope: float,
        shape: Surrogate = "sigmoid",
    ) -> tuple[Tensor, Tensor]:
        """Run the layer; only ``drive`` has a gradient.

        Args:
            drive: (networks, steps, samples, units), float32.
            scale: float32 (steps,), the weight of each step in the sum over time.
            alpha: decay of the potential per step.
            slope, shape: of the surrogate gradient.

        Returns:
            The weighted sum over time of each unit's spikes, and their count, both float32
            (networks, samples, units).
        """
        potential, charge = torch.zeros_like(drive), torch.zeros_like(drive)
        spikes = torch.zeros_like(drive)
        for t in range(drive.shape[1] - 1):
            now, after = potential[:, t], potential[:, t + 1]
            torch.mul(now, alpha, out=charge[:, t]).add_(drive[:, t])
            torch.mul(charge[:, t], 1 - spikes[:, t], out=after)
            spikes[:, t + 1] = now > THRESHOLD
        ctx.save_for_backward(potential, charge, spikes, scale)
        ctx.alpha, ctx.slope, ctx.shape = alpha, slope, shape
        counts = spikes.sum(1)
        ctx.set_materialize_grads(False)  # most losses have no gradient with respect to counts
        return (spikes * scale[:, None, None]).sum(1), counts

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None, None]:
        potential, charge, spikes, scale = ctx.saved_tensors
        surrogate = surrogate_slope(potential - THRESHOLD, ctx.slope, ctx.shape)
        steps = potential.shape[1]
        of_sum, of_counts = gradients
        if of_sum is None:
            of_sum = torch.zeros_like(potential[:, 0])

        def of_step(t: int) -> Tensor:
            made = of_sum * scale[t]
            return made if of_counts is None else made.add_(of_counts)

        made = torch.zeros_like(potential)
        # gradients of the loss with respect to the potential and the spikes at t + 1
        of_potential = torch.zeros_like(potential[:, 0])
        of_spikes = of_step(steps - 1)
        for t in range(steps - 2, -1, -1):
            of_drive = torch.mul(of_potential, 1 - spikes[:, t], out=made[:, t])
            later = of_potential
            of_potential = (of_drive * ctx.alpha).add_(of_spikes * surrogate[:, t])
            of_spikes = of_step(t).sub_(later * charge[:, t])
        return made, None, None, None, None

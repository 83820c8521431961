"""A hidden layer with divisive inhibition in the native core, as one operation of autograd.

Source: docs/model.md, "Layers with interneurons".
"""

from typing import Any

import torch
from torch import Tensor

from spikeloc.config.parameters import Surrogate
from spikeloc.native import _core
from spikeloc.native.hidden import empty_charge


class DivisiveLayer(torch.autograd.Function):
    """From bit-packed input spikes to the hidden spikes of an ensemble, summed over time, with the
    drive ``h = gain x weight / (x divisor + epsilon) + bias`` of input spikes x."""

    @staticmethod
    def forward(
        ctx: Any,
        weight: Tensor,
        divisor: Tensor,
        gain: Tensor,
        bias: Tensor,
        bits: Tensor,
        trains: Tensor | None,
        row: Tensor,
        scale: Tensor,
        alpha: float,
        slope: float,
        shape: Surrogate,
        noise: Tensor | None,
        epsilon: float,
    ) -> tuple[Tensor, Tensor]:
        """Run the layer; the first four arguments have a gradient.

        Args:
            weight, divisor: W and D, (networks, inputs, hidden), float32.
            gain, bias: (networks, 1, hidden), float32.
            bits, trains, row, scale, alpha, slope, shape, noise: as of
                :class:`spikeloc.native.hidden.HiddenLayer`.
            epsilon: is added to the divisor of each step.

        Returns:
            The weighted sum over time of each unit's spikes, and their count, both float32
            (networks, samples, hidden).

        Raises:
            TypeError: an argument has another dtype, rank or device, or is not contiguous.
            ValueError: sizes do not fit, or a row does not exist.
        """
        networks, _, hidden = weight.shape
        summed = torch.empty(networks, row.shape[-1], hidden)
        counts = torch.empty_like(summed, dtype=torch.int32)
        kept = None
        if any(ctx.needs_input_grad[:4]) or noise is not None:
            kept = empty_charge(3, summed, bits.shape[1], noise)
        _core.forward_divisive(
            bits.numpy(),
            row.numpy(),
            weight.detach().numpy(),
            divisor.detach().numpy(),
            gain.detach().numpy(),
            bias.detach().numpy(),
            epsilon,
            scale.numpy(),
            alpha,
            summed.numpy(),
            counts.numpy(),
            None if kept is None else kept.numpy(),
            noise is not None,
        )
        ctx.save_for_backward(gain, trains, row, scale, kept)
        ctx.alpha, ctx.slope, ctx.shape = alpha, slope, shape
        ctx.inputs = weight.shape[1]
        ctx.set_materialize_grads(False)  # most losses have no gradient with respect to counts
        return summed, counts.float()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        gain, trains, row, scale, kept = ctx.saved_tensors
        networks, _, hidden = gain.shape
        of_weight, of_divisor = (torch.empty(networks, ctx.inputs, hidden) for _ in range(2))
        of_sum, of_counts = gradients
        of_sum = torch.zeros(*row.shape, hidden) if of_sum is None else of_sum
        of_gain, of_bias = torch.empty(networks, 1, hidden), torch.empty(networks, 1, hidden)
        _core.backward_divisive(
            trains.numpy(),
            row.numpy(),
            gain.numpy(),
            scale.numpy(),
            ctx.alpha,
            ctx.shape,
            ctx.slope,
            kept.numpy(),
            of_sum.contiguous().numpy(),
            of_weight.numpy(),
            of_divisor.numpy(),
            of_gain.numpy(),
            of_bias.numpy(),
            None if of_counts is None else of_counts.contiguous().numpy(),
        )
        return of_weight, of_divisor, of_gain, of_bias, *[None] * 9

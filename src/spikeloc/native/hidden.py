"""The hidden layer of an ensemble in the native core, as one operation of autograd.

Source: docs/model.md, "Neuron".
"""

from typing import Any

import torch
from torch import Tensor

from spikeloc.config.parameters import Surrogate
from spikeloc.native import _core


def spike_trains(bits: Tensor, fibres: int) -> Tensor:
    """Input spikes packed along time, uint8 (rows, fibres, bytes): step t is bit t % 8 of a byte.

    ``bits``: the same packed along fibres, uint8 (rows, steps, bytes).
    """
    rows, steps, _ = bits.shape
    trains = torch.empty(rows, fibres, -(-steps // 8), dtype=torch.uint8)
    _core.transpose(bits.numpy(), trains.numpy())
    return trains


def empty_charge(kinds: int, summed: Tensor, steps: int, noise: Tensor | None) -> Tensor:
    """Memory for what the gradient needs of each driven step, float32 (kinds, networks, samples,
    tiles, steps - 2, units of a tile), of which the first kind holds the noise, if there is any.

    ``summed``: of the layer, (networks, samples, hidden).
    """
    networks, samples, hidden = summed.shape
    tiles = -(-hidden // _core.TILE)
    charge = torch.empty(kinds, networks, samples, tiles, max(steps - 2, 0), _core.TILE)
    if noise is not None:
        for tile, units in enumerate(torch.split(noise, _core.TILE, dim=3)):
            charge[0, :, :, tile, :, : units.shape[3]] = units
            charge[0, :, :, tile, :, units.shape[3] :] = 0
    return charge


class HiddenLayer(torch.autograd.Function):
    """From bit-packed input spikes to the hidden spikes of an ensemble, summed over time."""

    @staticmethod
    def forward(
        ctx: Any,
        w1: Tensor,
        bits: Tensor,
        trains: Tensor | None,
        row: Tensor,
        scale: Tensor,
        alpha: float,
        slope: float,
        shape: Surrogate,
        noise: Tensor | None,
    ) -> tuple[Tensor, Tensor]:
        """Run the layer; only ``w1`` has a gradient.

        Args:
            w1: (networks, inputs, hidden), float32.
            bits: input spikes, uint8 (rows, steps, bytes), fibre j in bit j % 8 of byte j // 8.
            trains: the same from :func:`spike_trains`, for the gradient; None without gradient.
            row: int64 (networks, samples), the row of each sample in ``bits``.
            scale: float32 (steps,), the weight of each step in the sum over time.
            alpha: decay of the potential per step.
            slope, shape: of the surrogate gradient.
            noise: None, or a current, float32 (networks, samples, max(steps - 2, 0), hidden).

        Returns:
            The weighted sum over time of each unit's spikes, and their count, both float32
            (networks, samples, hidden).

        Raises:
            TypeError: an argument has another dtype, rank or device, or is not contiguous.
            ValueError: sizes do not fit, or a row does not exist.
        """
        networks, _, hidden = w1.shape
        summed = torch.empty(networks, row.shape[-1], hidden)
        counts = torch.empty_like(summed, dtype=torch.int32)
        charge = None
        if ctx.needs_input_grad[0] or noise is not None:
            (charge,) = empty_charge(1, summed, bits.shape[1], noise)
        _core.forward(
            bits.numpy(),
            row.numpy(),
            w1.detach().numpy(),
            scale.numpy(),
            alpha,
            summed.numpy(),
            counts.numpy(),
            None if charge is None else charge.numpy(),
            noise is not None,
        )
        ctx.save_for_backward(trains, row, scale, charge)
        ctx.alpha, ctx.slope, ctx.shape = alpha, slope, shape
        ctx.w1_shape = w1.shape
        ctx.set_materialize_grads(False)  # most losses have no gradient with respect to counts
        return summed, counts.float()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        trains, row, scale, charge = ctx.saved_tensors
        w1_gradient = torch.empty(ctx.w1_shape)
        of_sum, of_counts = gradients
        of_sum = torch.zeros(*row.shape, ctx.w1_shape[2]) if of_sum is None else of_sum
        _core.backward(
            trains.numpy(),
            row.numpy(),
            scale.numpy(),
            ctx.alpha,
            ctx.shape,
            ctx.slope,
            charge.numpy(),
            of_sum.contiguous().numpy(),
            w1_gradient.numpy(),
            None if of_counts is None else of_counts.contiguous().numpy(),
        )
        return w1_gradient, *[None] * 8

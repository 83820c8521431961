"""The hidden layer of an ensemble in the native core, as one operation of autograd.

Source: docs/model.md, "Neuron" and "Layers with interneurons".
"""

from collections.abc import Callable
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


def empty_charge(weights: int, summed: Tensor, steps: int, noise: Tensor | None) -> Tensor:
    """Memory for what the gradient needs of each driven step, float32 (networks, samples, tiles,
    steps - 2, units of a tile), or three such for the four ``weights`` of divisive inhibition. The
    first holds the noise, if there is any.

    ``summed``: of the layer, (networks, samples, hidden).
    """
    networks, samples, hidden = summed.shape
    tiles = -(-hidden // _core.TILE)
    kinds = [3] if weights > 1 else []
    charge = torch.empty(*kinds, networks, samples, tiles, max(steps - 2, 0), _core.TILE)
    if noise is not None:
        first = charge[0] if kinds else charge
        for tile, units in enumerate(torch.split(noise, _core.TILE, dim=3)):
            first[:, :, tile, :, : units.shape[3]] = units
            first[:, :, tile, :, units.shape[3] :] = 0
    return charge


class HiddenLayer(torch.autograd.Function):
    """From bit-packed input spikes to the hidden spikes of an ensemble, summed over time.

    The drive of input spikes x is ``h = x w1``, or with divisive inhibition
    ``h = gain x weight / (x divisor + epsilon) + bias``.
    """

    @staticmethod
    def forward(
        ctx: Any,
        bits: Tensor,
        trains: Tensor | None,
        row: Tensor,
        scale: Tensor,
        alpha: float,
        slope: float,
        shape: Surrogate,
        noise: Tensor | None,
        epsilon: float,
        *weights: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Run the layer; only ``weights`` have a gradient.

        Args:
            bits: input spikes, uint8 (rows, steps, bytes), fibre j in bit j % 8 of byte j // 8.
            trains: the same from :func:`spike_trains`, for the gradient; None without gradient.
            row: int64 (networks, samples), the row of each sample in ``bits``.
            scale: float32 (steps,), the weight of each step in the sum over time.
            alpha: decay of the potential per step.
            slope, shape: of the surrogate gradient.
            noise: None, or a current, float32 (networks, samples, max(steps - 2, 0), hidden).
            epsilon: is added to the divisor of each step, if there is one.
            weights: w1, or weight, divisor, gain and bias, all float32. The first two are
                (networks, inputs, hidden), gain and bias (networks, 1, hidden).

        Returns:
            The weighted sum over time of each unit's spikes, and their count, both float32
            (networks, samples, hidden).

        Raises:
            TypeError: an argument has another dtype, rank or device, or is not contiguous.
            ValueError: sizes do not fit, or a row does not exist.
        """
        networks, _, hidden = weights[0].shape
        summed = torch.empty(networks, row.shape[-1], hidden)
        counts = torch.empty_like(summed, dtype=torch.int32)
        drive: list[Any] = [each.detach().numpy() for each in weights]
        run: Callable[..., None] = _core.forward
        if len(weights) > 1:
            run, drive = _core.forward_divisive, [*drive, epsilon]
        kept = None
        if any(ctx.needs_input_grad) or noise is not None:
            kept = empty_charge(len(weights), summed, bits.shape[1], noise)
        run(
            bits.numpy(),
            row.numpy(),
            *drive,
            scale.numpy(),
            alpha,
            summed.numpy(),
            counts.numpy(),
            None if kept is None else kept.numpy(),
            noise is not None,
        )
        ctx.save_for_backward(trains, row, scale, kept, *weights[2:3])
        ctx.alpha, ctx.slope, ctx.shape = alpha, slope, shape
        ctx.weight_shapes = [each.shape for each in weights]
        ctx.set_materialize_grads(False)  # most losses have no gradient with respect to counts
        return summed, counts.float()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        trains, row, scale, kept, *gain = ctx.saved_tensors
        made = [torch.empty(shape) for shape in ctx.weight_shapes]
        of_sum, of_counts = gradients
        of_sum = torch.zeros(*row.shape, made[0].shape[2]) if of_sum is None else of_sum
        run: Callable[..., None] = _core.backward_divisive if gain else _core.backward
        run(
            trains.numpy(),
            row.numpy(),
            *[each.numpy() for each in gain],
            scale.numpy(),
            ctx.alpha,
            ctx.shape,
            ctx.slope,
            kept.numpy(),
            of_sum.contiguous().numpy(),
            *[each.numpy() for each in made],
            None if of_counts is None else of_counts.contiguous().numpy(),
        )
        return *[None] * 9, *made

"""What a stack of networks makes of a batch, by the native core or by the reference."""

from dataclasses import dataclass

import torch
from torch import Tensor

from spikeloc.batches import Batch
from spikeloc.native import use_native
from spikeloc.network import Weights, forward, readout_weights
from spikeloc.neuron import decay
from spikeloc.parameters import Backend, RunParameters


@dataclass(frozen=True)
class Response:
    """``logits`` (networks, samples, classes) and how often each hidden unit spiked in each
    sample, (networks, samples, hidden), None if there is no hidden layer."""

    logits: Tensor
    hidden_counts: Tensor | None


def respond(
    weights: Weights, batch: Batch, run: RunParameters, backend: Backend = "auto"
) -> Response:
    """Run a stack on a batch; gradients flow to the weights.

    The native core has no membrane-only network: that is left to the reference.
    """
    if weights.w2 is None or not use_native(backend, batch.bits.device.type):
        activity = forward(weights, batch.spikes(), run)
        hidden = activity.hidden_spikes
        return Response(activity.logits, None if hidden is None else hidden.detach().sum(2))
    from spikeloc.native.hidden import HiddenLayer  # there only if the core was built

    alpha = decay(run.network.tau_ms, run.stimulus.time_step_ms)
    scale = readout_weights(run.network.logit_scale, batch.bits.shape[1], alpha)
    summed, counts = HiddenLayer.apply(  # type: ignore[no-untyped-call]
        weights.w1.contiguous(),
        batch.bits,
        batch.row,
        scale.to(weights.w1.dtype),
        alpha,
        run.network.surrogate_slope,
    )
    return Response(torch.bmm(summed, weights.w2), counts)

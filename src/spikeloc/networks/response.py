"""What an ensemble of networks makes of a batch, by the native core or by the reference."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.native import use_native
from spikeloc.networks.batches import UNPACKED_SAMPLES, Batch, Batches
from spikeloc.networks.lif_layer import LifLayer
from spikeloc.networks.network import Weights, forward, hidden_drive, readout_weights, unpack_bits
from spikeloc.networks.neuron import decay
from spikeloc.networks.noise import hidden_noise

LARGE_BATCH = 512  # samples


@dataclass(frozen=True)
class Response:
    """``logits`` (networks, samples, outputs) and how often each hidden unit spiked in each
    sample, (networks, samples, hidden), None if there is no hidden layer."""

    logits: Tensor
    hidden_counts: Tensor | None


def prepare(data: Batches, run: RunParameters) -> Batches:
    """Data sets with what can be computed once for all batches: a membrane-only network is linear
    in its inputs, summed over time."""
    if run.network.model != "membrane_only" or data.sums is not None:
        return data
    return data.with_sums(_readout(run, data.bits))


def prepare_training(data: Batches, run: RunParameters, backend: Backend) -> Batches:
    """The same with what gradients need besides: the native core's go along the fibres' spike
    trains."""
    data = prepare(data, run)
    if not _is_native(data.bits, run, backend):
        return data
    from spikeloc.native.hidden import spike_trains  # there only if the core was built

    return replace(data, trains=spike_trains(data.bits, data.fibres))


def evaluation_batch(data: Batches, run: RunParameters, backend: Backend) -> int:
    """How many samples to evaluate at a time: few where spikes are unpacked or noise is made."""
    lean = _is_native(data.bits, run, backend) and not run.network.noise_sd
    return LARGE_BATCH if lean or data.sums is not None else UNPACKED_SAMPLES


def respond(
    weights: Weights, batch: Batch, run: RunParameters, backend: Backend = "auto"
) -> Response:
    """Run an ensemble on a batch; gradients flow to the weights."""
    if weights.w2 is None:
        summed = batch.summed(_readout(run, batch.bits))
        return Response(torch.bmm(summed, weights.w1), None)
    noise = hidden_noise(batch.bits[batch.row], run, batch.epoch) if run.network.noise_sd else None
    if run.network.divides and noise is None and backend != "reference":
        return _divided_response(weights, batch, run)
    if not _is_native(batch.bits, run, backend):
        activity = forward(weights, batch.spikes(), run, noise)
        hidden = activity.hidden_spikes
        return Response(activity.logits, None if hidden is None else hidden.detach().sum(2))
    from spikeloc.native.hidden import HiddenLayer, spike_trains  # there only if it was built

    trains = batch.trains
    if trains is None and weights.w1.requires_grad:
        trains = spike_trains(batch.bits, batch.fibres)
    summed, counts = HiddenLayer.apply(  # type: ignore[no-untyped-call]
        weights.w1.contiguous(),
        batch.bits,
        trains,
        batch.row,
        _readout(run, batch.bits),
        decay(run.network.tau_ms, run.stimulus.time_step_ms),
        run.network.surrogate_slope,
        run.network.surrogate,
        noise,
    )
    return Response(torch.bmm(summed, weights.w2), counts)


def _divided_response(weights: Weights, batch: Batch, run: RunParameters) -> Response:
    """Of networks with divisive inhibition; time before samples, so that a step is in one piece."""
    assert weights.w2 is not None
    bits = batch.bits[batch.row].transpose(1, 2).contiguous()
    spikes = unpack_bits(bits, batch.fibres)
    networks, steps, samples, _ = spikes.shape
    drive = hidden_drive(weights, spikes.flatten(1, 2), run)
    summed, counts = LifLayer.apply(  # type: ignore[no-untyped-call]
        drive.view(networks, steps, samples, -1),
        _readout(run, batch.bits),
        decay(run.network.tau_ms, run.stimulus.time_step_ms),
        run.network.surrogate_slope,
        run.network.surrogate,
    )
    return Response(torch.bmm(summed, weights.w2), counts)


def _is_native(bits: Tensor, run: RunParameters, backend: Backend) -> bool:
    """Whether the native core computes: it has no membrane-only network and does not divide."""
    network = run.network
    return (
        network.model == "spiking" and not network.divides and use_native(backend, bits.device.type)
    )


def _readout(run: RunParameters, bits: Tensor) -> Tensor:
    """The weight of each step in the sum over time, float32 (steps,)."""
    alpha = decay(run.network.tau_ms, run.stimulus.time_step_ms)
    scale = readout_weights(run.network.logit_scale, bits.shape[1], alpha)
    return scale.to(bits.device, torch.float32)

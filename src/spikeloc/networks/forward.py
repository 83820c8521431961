"""The forward pass of an ensemble of networks, by the native core or by the reference.

The reference is plain torch, runs on any device and defines what is right: docs/model.md, "Neuron";
docs/model.md, "Readout"; docs/model.md, "Membrane-only network".
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import torch
from torch import Tensor

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.native import use_native
from spikeloc.networks.batches import (
    UNPACKED_SAMPLES,
    Batch,
    Batches,
    sum_over_time,
    unpack_bits,
)
from spikeloc.networks.lif_layer import LIFLayer
from spikeloc.networks.neuron import (
    decay,
    integrator_step,
    integrator_sum_weights,
    lif_start,
    lif_step,
)
from spikeloc.networks.noise import hidden_noise
from spikeloc.networks.signs.dann import divided
from spikeloc.networks.weights import Weights

LARGE_BATCH = 512  # samples


@dataclass(frozen=True)
class NetworkOutput:
    """The output of an ensemble for a batch.

    ``logits`` (networks, samples, outputs); ``hidden_counts``: number of spikes of each hidden unit
    in each sample (networks, samples, hidden), None without a hidden layer; ``hidden_spikes``: 0 or
    1 (networks, samples, steps, hidden), None without a hidden layer or if only counts were kept.
    """

    logits: Tensor
    hidden_counts: Tensor | None = None
    hidden_spikes: Tensor | None = None


def prepare(data: Batches, run: RunParameters) -> Batches:
    """Data sets with what all batches need computed once.

    A membrane-only network is linear in its inputs, which are therefore summed over time here.
    """
    if run.network.model != "membrane_only" or data.sums is not None:
        return data
    return data.with_sums(step_weights(run, data.bits.shape[1], data.bits.device))


def prepare_training(data: Batches, run: RunParameters, backend: Backend) -> Batches:
    """The same, and the spike trains of each fibre, from which the native core gets gradients."""
    data = prepare(data, run)
    if not _is_native(data.bits, run, backend):
        return data
    from spikeloc.native.hidden import spike_trains  # can be imported only if the core was built

    return replace(data, trains=spike_trains(data.bits, data.fibres))


def evaluation_batch(data: Batches, run: RunParameters, backend: Backend) -> int:
    """Number of samples to evaluate at a time: few where spikes are unpacked or noise is made."""
    lean = _is_native(data.bits, run, backend) and not run.network.noise_sd
    return LARGE_BATCH if lean or data.sums is not None else UNPACKED_SAMPLES


def forward(
    weights: Weights, batch: Batch, run: RunParameters, backend: Backend = "auto"
) -> NetworkOutput:
    """Run an ensemble on a batch; gradients flow to the weights. Hidden spikes are not kept.

    Raises:
        InputError: ``backend`` is "native" and the native core cannot be used.
    """
    if weights.w2 is None:
        summed = batch.summed(step_weights(run, batch.bits.shape[1], batch.bits.device))
        return NetworkOutput(torch.bmm(summed, weights.w1))
    noise = hidden_noise(batch.bits[batch.row], run, batch.epoch) if run.network.noise_sd else None
    if run.network.divides and noise is None and backend != "reference":
        return _forward_divisive(weights, batch, run)
    if not _is_native(batch.bits, run, backend):
        return replace(reference_forward(weights, batch.spikes(), run, noise), hidden_spikes=None)
    from spikeloc.native.hidden import HiddenLayer, spike_trains  # as above

    trains = batch.trains
    if trains is None and weights.w1.requires_grad:
        trains = spike_trains(batch.bits, batch.fibres)
    summed, counts = HiddenLayer.apply(  # type: ignore[no-untyped-call]
        weights.w1.contiguous(),
        batch.bits,
        trains,
        batch.row,
        step_weights(run, batch.bits.shape[1], batch.bits.device),
        decay(run.network.tau_ms, run.stimulus.time_step_ms),
        run.network.surrogate_slope,
        run.network.surrogate,
        noise,
    )
    return NetworkOutput(torch.bmm(summed, weights.w2), counts)


def reference_forward(
    weights: Weights, spikes: Tensor, run: RunParameters, noise: Tensor | None = None
) -> NetworkOutput:
    """Run an ensemble in plain torch; gradients flow to the weights. Hidden spikes are kept.

    Args:
        weights: of the ensemble.
        spikes: of the inputs, 0 or 1, float32 (networks, samples, steps, inputs).
        run: parameters of neurons and readout.
        noise: current into hidden units, (networks, samples, steps - 2, hidden), as
            :func:`spikeloc.networks.noise.hidden_noise` gives it.
    """
    networks, samples, steps, inputs = spikes.shape
    alpha = decay(run.network.tau_ms, run.stimulus.time_step_ms)
    scale = step_weights(run, steps, spikes.device, spikes.dtype)
    if weights.w2 is None:
        return NetworkOutput(sum_over_time(spikes, scale) @ weights.w1)
    drive = hidden_drive(weights, spikes.view(networks, samples * steps, inputs), run)
    drive = drive.view(networks, samples, steps, -1)
    if noise is not None:  # later steps cannot reach a spike
        drive = torch.cat([drive[:, :, : noise.shape[2]] + noise, drive[:, :, noise.shape[2] :]], 2)
    hidden = _hidden_spikes(drive, run, alpha)
    logits = sum_over_time(hidden, scale) @ weights.w2
    return NetworkOutput(logits, hidden.detach().sum(2), hidden)


def hidden_drive(weights: Weights, spikes: Tensor, run: RunParameters) -> Tensor:
    """Drive of hidden units, (networks, time steps, hidden), by ``spikes`` (networks, time steps,
    inputs)."""
    if not run.network.divides:
        return torch.bmm(spikes, weights.w1)
    first_layer = {name.removeprefix("w1_"): part for name, part in weights.parts.items()}
    return divided(weights.w1, spikes, first_layer)


@lru_cache(maxsize=8)
def readout_weights(logit_scale: float, steps: int, alpha: float) -> Tensor:
    """What a spike in each time step adds to the logits per unit of W2, float64 (steps,)."""
    return logit_scale * integrator_sum_weights(steps, alpha)


def step_weights(
    run: RunParameters, steps: int, device: torch.device, dtype: torch.dtype = torch.float32
) -> Tensor:
    """:func:`readout_weights` of a run's network, (steps,)."""
    alpha = decay(run.network.tau_ms, run.stimulus.time_step_ms)
    return readout_weights(run.network.logit_scale, steps, alpha).to(device, dtype)


def output_potentials(weights: Weights, output: NetworkOutput, run: RunParameters) -> Tensor:
    """Potentials of the readout in each time step, (networks, samples, steps, outputs).

    Raises:
        ValueError: the network has no hidden layer, or its hidden spikes were not kept.
    """
    if weights.w2 is None or output.hidden_spikes is None:
        raise ValueError("there are no hidden spikes to read out")
    alpha = decay(run.network.tau_ms, run.stimulus.time_step_ms)
    drive = output.hidden_spikes @ weights.w2[:, None]
    potential = torch.zeros_like(drive[:, :, 0])
    potentials = [potential]
    for step_drive in drive.unbind(2)[:-1]:
        potential = integrator_step(step_drive, potential, alpha)
        potentials.append(potential)
    return torch.stack(potentials, dim=2)


def _hidden_spikes(drive: Tensor, run: RunParameters, alpha: float) -> Tensor:
    slope, shape = run.network.surrogate_slope, run.network.surrogate
    state = lif_start(drive[:, :, 0])
    spikes = [state.spikes]
    for step_drive in drive.unbind(2)[:-1]:
        state = lif_step(step_drive, state, alpha, slope, shape)
        spikes.append(state.spikes)
    return torch.stack(spikes, dim=2)


def _forward_divisive(weights: Weights, batch: Batch, run: RunParameters) -> NetworkOutput:
    """With divisive inhibition; time comes before samples, so that a step is contiguous."""
    assert weights.w2 is not None
    bits = batch.bits[batch.row].transpose(1, 2).contiguous()
    spikes = unpack_bits(bits, batch.fibres)
    networks, steps, samples, _ = spikes.shape
    drive = hidden_drive(weights, spikes.flatten(1, 2), run)
    summed, counts = LIFLayer.apply(  # type: ignore[no-untyped-call]
        drive.view(networks, steps, samples, -1),
        step_weights(run, batch.bits.shape[1], batch.bits.device),
        decay(run.network.tau_ms, run.stimulus.time_step_ms),
        run.network.surrogate_slope,
        run.network.surrogate,
    )
    return NetworkOutput(torch.bmm(summed, weights.w2), counts)


def _is_native(bits: Tensor, run: RunParameters, backend: Backend) -> bool:
    """Whether the native core computes: it has no membrane-only networks and no division."""
    network = run.network
    return (
        network.model == "spiking" and not network.divides and use_native(backend, bits.device.type)
    )

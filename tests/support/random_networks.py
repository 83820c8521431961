"""Random weights and spikes, and what core and reference make of them."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from torch import Tensor

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.networks.batches import Batch
from spikeloc.networks.forward import forward, reference_forward
from spikeloc.networks.weights import Weights
from spikeloc.stimulus.spike_trains import SpikeTrains

_core = pytest.importorskip("spikeloc.native._core")

CPU = torch.device("cpu")


def run_parameters(**network: Any) -> RunParameters:
    return RunParameters.model_validate({"network": network})


def random_batch(
    rng: np.random.Generator, shape: tuple[int, int, int, int], density: float
) -> Batch:
    """A batch (networks, samples, steps, fibres) whose rows lie in no order in the data."""
    networks, samples, steps, fibres = shape
    rows = networks * samples + 3
    bits = SpikeTrains.pack(rng.random((rows, steps, fibres)) < density).bits
    row = rng.permutation(rows)[: networks * samples].reshape(networks, samples)
    target = rng.integers(0, 3, row.shape)
    ipd_rad = torch.zeros(row.shape, dtype=torch.float64)
    return Batch(
        torch.from_numpy(bits), torch.from_numpy(row), torch.from_numpy(target), ipd_rad, fibres
    )


def random_weights(
    rng: np.random.Generator, networks: int, fibres: int, hidden: int, dyadic: bool
) -> Weights:
    """Strong enough to make spikes; dyadic ones are whole multiples of 1/64."""
    w1 = rng.normal(0.05, 0.5 / math.sqrt(fibres), (networks, fibres, hidden))
    if dyadic:
        w1 = np.round(w1 * 64) / 64
    w2 = rng.normal(size=(networks, hidden, 3))
    return Weights(torch.tensor(w1, dtype=torch.float32), torch.tensor(w2, dtype=torch.float32))


def gradients(weights: Weights, batch: Batch, run: RunParameters, backend: Backend) -> list[Tensor]:
    """Logits, hidden counts and the gradients of both layers for a fixed pull on the logits.

    The reference computes in double precision: in single precision its own surrogate gradient is
    inexact far above the threshold, where it takes the difference of 1 and a sigmoid near 1.
    """
    assert weights.w2 is not None
    precision = torch.float64 if backend == "reference" else torch.float32
    leaves = [layer.to(precision).requires_grad_() for layer in (weights.w1, weights.w2)]
    if backend == "reference":
        output = reference_forward(Weights(*leaves), batch.spikes().double(), run)
        assert output.hidden_spikes is not None
        logits, counts = output.logits, output.hidden_spikes.detach().sum(2)
    else:
        output = forward(Weights(*leaves), batch, run, backend)
        assert output.hidden_counts is not None
        logits, counts = output.logits, output.hidden_counts
    pull = torch.sin(torch.arange(logits.numel())).view_as(logits).to(precision)
    gradient = torch.autograd.grad(logits, leaves, pull)
    return [each.double() for each in (logits.detach(), counts, *gradient)]


def distance_from_threshold(weights: Weights, batch: Batch, run: RunParameters) -> Tensor:
    """How near any potential comes to the threshold, (networks, samples, hidden)."""
    alpha = math.exp(-run.stimulus.time_step_ms / run.network.tau_ms)
    hidden = reference_forward(weights, batch.spikes(), run).hidden_spikes
    assert hidden is not None
    drive = batch.spikes() @ weights.w1[:, None]
    potential = torch.zeros_like(drive[:, :, 0])
    nearest = torch.full_like(potential, torch.inf)
    for t in range(drive.shape[2] - 1):
        nearest = torch.minimum(nearest, (potential - 1).abs())
        potential = (alpha * potential + drive[:, :, t]) * (1 - hidden[:, :, t])
    return nearest


def assert_close(native_result: Tensor, reference: Tensor) -> None:
    """Within 2e-5 of the largest entry."""
    bound = 2e-5 * max(reference.abs().max().item(), 1e-20)
    assert (native_result - reference).abs().max().item() <= bound


shapes = st.tuples(
    st.integers(1, 3), st.integers(1, 5), st.integers(4, 40), st.integers(1, 70), st.integers(1, 70)
)

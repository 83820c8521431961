"""Random weights and spikes, and what core and reference make of them."""

import copy
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from torch import Tensor

from spikeloc.config.parameters import Backend, NetworkParameters, StimulusParameters
from spikeloc.networks.ensemble_data import PackedSpikes
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.spike_trains import SpikeTrains

_core = pytest.importorskip("spikeloc.native._core")

CPU = torch.device("cpu")


def random_spikes(
    rng: np.random.Generator, shape: tuple[int, int, int, int], density: float
) -> PackedSpikes:
    """Spikes (networks, samples, steps, fibres) whose rows lie in no order in the data."""
    networks, samples, steps, fibres = shape
    rows = networks * samples + 3
    bits = SpikeTrains.pack(rng.random((rows, steps, fibres)) < density, 1.0).bits
    row = rng.permutation(rows)[: networks * samples].reshape(networks, samples)
    return PackedSpikes(torch.from_numpy(bits), torch.from_numpy(row), fibres)


def random_network(
    rng: np.random.Generator,
    networks: int,
    fibres: int,
    hidden: int,
    dyadic: bool = False,
    **parameters: Any,
) -> SpikingNetwork:
    """Strong enough to make spikes; dyadic weights are whole multiples of 1/64."""
    w1 = rng.normal(0.05, 0.5 / math.sqrt(fibres), (networks, fibres, hidden))
    if dyadic:
        w1 = np.round(w1 * 64) / 64
    weights = {"w1": w1, "w2": rng.normal(size=(networks, hidden, 3))}
    network = SpikingNetwork(
        NetworkParameters.model_validate(parameters), StimulusParameters(), list(range(networks))
    )
    for name, each in weights.items():
        network.get_parameter(name).data = torch.tensor(each, dtype=torch.float32)
    network.inputs = fibres  # an odd number of them, too
    return network


def gradients(
    network: SpikingNetwork, spikes: PackedSpikes, backend: Backend, counted: bool = False
) -> list[Tensor]:
    """Logits, hidden counts and the gradients of the parameters for a fixed pull on the logits and,
    if ``counted``, on the counts.

    The reference computes in double precision: in single precision its own surrogate gradient is
    inexact far above the threshold, where it takes the difference of 1 and a sigmoid near 1.
    """
    network = copy.deepcopy(network)
    network.backend = backend
    if backend == "reference":
        network.double()
    output = network(spikes)
    assert output.hidden_counts is not None
    made = [output.logits, output.hidden_counts]
    pulled = made if counted else made[:1]
    pull = [torch.sin(torch.arange(each.numel())).view_as(each).to(each.dtype) for each in pulled]
    gradient = torch.autograd.grad(pulled, list(network.parameters()), pull)
    return [each.detach().double() for each in (*made, *gradient)]


@torch.no_grad()
def distance_from_threshold(network: SpikingNetwork, spikes: PackedSpikes) -> Tensor:
    """How near any potential comes to the threshold, (networks, samples, hidden)."""
    hidden = network.run_reference(spikes).hidden_spikes
    assert hidden is not None
    drive = network._drive(network.w1, spikes.unpacked().flatten(1, 2)).view_as(hidden)
    potential = torch.zeros_like(drive[:, :, 0])
    nearest = torch.full_like(potential, torch.inf)
    for t in range(drive.shape[2] - 1):
        nearest = torch.minimum(nearest, (potential - 1).abs())
        potential = (network.alpha * potential + drive[:, :, t]) * (1 - hidden[:, :, t])
    return nearest


def assert_close(native_result: Tensor, reference: Tensor) -> None:
    """Within 2e-5 of the largest entry."""
    bound = 2e-5 * max(reference.abs().max().item(), 1e-20)
    assert (native_result - reference).abs().max().item() <= bound


shapes = st.tuples(
    st.integers(1, 3), st.integers(1, 5), st.integers(4, 40), st.integers(1, 70), st.integers(1, 70)
)

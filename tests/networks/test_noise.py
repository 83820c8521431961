"""Noise of the hidden units: whose it is, how large, and that it does what it should."""

import math

import numpy as np
import pytest
import torch
from helpers import (
    BACKENDS,
    data_sets,
    ensemble,
    ensemble_data,
    float_spikes,
    small_run,
    start_network,
    train_ensemble,
)
from scipy.stats import kstest

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.membrane_only import build_network
from spikeloc.networks.noise import hidden_noise
from spikeloc.networks.spiking_network import SpikingNetwork


def noisy(sd: float = 0.5, **network: object) -> RunParameters:
    return small_run(network={"noise_sd": sd, **network})


def spikes_of(run: RunParameters, seeds: list[int]) -> torch.Tensor:
    return torch.from_numpy(np.stack([each.spikes.bits for each in data_sets(run, seeds, "test")]))


def test_noise_is_normal() -> None:
    made = hidden_noise(spikes_of(noisy(), [1, 2]), 6, 0.5)
    assert made.shape == (2, 32, 22, 6) and made.dtype == torch.float32
    assert kstest(made.flatten().double().numpy() / 0.5, "norm").pvalue > 0.01
    flat = made.flatten(0, 1).flatten(1)
    correlation = np.corrcoef(flat[:, ::7].T.numpy())
    assert np.abs(correlation - np.eye(len(correlation))).max() < 0.75  # 64 samples


def test_noise_belongs_to_the_sample_and_the_epoch() -> None:
    bits = spikes_of(noisy(), [1, 2])
    whole, part = hidden_noise(bits, 6, 0.5), hidden_noise(bits[1:, 5:9], 6, 0.5)
    later = hidden_noise(bits, 6, 0.5, epoch=1)
    assert torch.equal(whole[1:, 5:9], part)
    assert len({each.numpy().tobytes() for each in whole.flatten(0, 1)}) == 64
    assert not torch.isclose(whole, later).any(dim=3).all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_units_are_driven_by_spikes_and_noise(backend: Backend) -> None:
    # without weights it is the noise alone that makes spikes
    run = noisy(0.6, hidden_units=37)
    weights = {"w1": torch.zeros(1, 14, 37), "w2": torch.ones(1, 37, 4)}
    network = build_network(run.network, run.stimulus, [1], backend, weights)
    spikes = ensemble_data(run, [1], "test").spikes
    made = network(spikes)
    alpha = math.exp(-1 / run.network.tau_ms)
    noise = hidden_noise(spikes.bits[spikes.row], 37, 0.6)
    v, s, counts = (torch.zeros(32, 37) for _ in range(3))
    for t in range(23):
        drive = noise[0, :, t] if t < 22 else torch.zeros(32, 37)
        v, s = (alpha * v + drive) * (1 - s), (v > 1).float()
        counts += s
    assert torch.equal(made.hidden_counts[0].float(), counts)
    assert 0 < counts.mean() < 11


@pytest.mark.parametrize("method", ["abs", "dann"])
def test_native_core_and_reference_agree_with_noise(method: str) -> None:
    run = noisy(0.3, hidden_units=35, w1={"signs": "dale", "method": method})
    data = ensemble_data(run, [1, 2], "test")
    theirs, ours = (evaluate(ensemble(run, [1, 2], each), data) for each in BACKENDS)
    assert ours.loss == pytest.approx(theirs.loss, rel=1e-5)
    assert np.array_equal(ours.estimated, theirs.estimated)
    trained = [train_ensemble(run, [1, 2], backend).progress for backend in BACKENDS]
    for a, b in zip(*trained, strict=True):
        assert a.train_loss == pytest.approx(b.train_loss, rel=1e-4)


def test_a_noisy_ensemble_trains_bitwise_as_its_networks() -> None:
    run = noisy()
    together, alone = train_ensemble(run, [1, 2]), train_ensemble(run, [2])
    assert together.progress[1] == alone.progress[0]


def test_noise_does_not_depend_on_batches() -> None:
    run = noisy()
    data, network = ensemble_data(run, [1], "test"), start_network(run, [1], 2.0)
    counts, logits = [], []
    for size in (32, 5):
        outputs = [network(each.spikes) for each in data.batches(size)]
        hidden = [each.hidden_counts for each in outputs if each.hidden_counts is not None]
        counts.append(torch.cat(hidden, 1))
        logits.append(torch.cat([each.logits for each in outputs], 1))
    assert torch.equal(*counts)
    torch.testing.assert_close(*logits)  # the last bits of a product depend on its size


def test_a_loaded_network_is_given_its_noise() -> None:
    run = noisy()
    made = data_sets(run, [1], "test")
    network = start_network(run, [1], 2.0)
    assert isinstance(network, SpikingNetwork)
    noise = hidden_noise(spikes_of(run, [1]), 6, 0.5)
    quiet, loud = (network.run_reference(float_spikes(made), each).logits for each in (None, noise))
    assert not torch.equal(quiet, loud)
    assert torch.equal(network(made[0].spikes, record=True).logits, loud)
    expected = evaluate(network, ensemble_data(run, [1], "test")).estimated
    assert np.array_equal(loud.argmax(2).numpy(), expected)

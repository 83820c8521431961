"""Noise of the hidden units: whose it is, how large, and that it does what it should."""

import math

import numpy as np
import pytest
import torch
from helpers import BACKENDS, batches, data_sets, small_run, start_weights, train_ensemble
from scipy.stats import kstest

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.forward import forward, reference_forward
from spikeloc.networks.noise import hidden_noise
from spikeloc.networks.weights import Weights


def noisy(sd: float = 0.5, **network: object) -> RunParameters:
    return small_run(network={"noise_sd": sd, **network})


def spikes_of(run: RunParameters, seeds: list[int]) -> torch.Tensor:
    return torch.from_numpy(np.stack([each.spikes.bits for each in data_sets(run, seeds, "test")]))


def test_noise_is_normal() -> None:
    run = noisy(0.5)
    made = hidden_noise(spikes_of(run, [1, 2]), run)
    assert made is not None and made.shape == (2, 32, 22, 6) and made.dtype == torch.float32
    assert kstest(made.flatten().double().numpy() / 0.5, "norm").pvalue > 0.01
    flat = made.flatten(0, 1).flatten(1)
    correlation = np.corrcoef(flat[:, ::7].T.numpy())
    assert np.abs(correlation - np.eye(len(correlation))).max() < 0.75  # 64 samples


def test_without_noise_there_is_none() -> None:
    assert hidden_noise(spikes_of(small_run(), [1]), small_run()) is None


def test_noise_belongs_to_the_sample_and_the_epoch() -> None:
    run = noisy()
    bits = spikes_of(run, [1, 2])
    whole, part = hidden_noise(bits, run), hidden_noise(bits[1:, 5:9], run)
    later = hidden_noise(bits, run, epoch=1)
    assert whole is not None and part is not None and later is not None
    assert torch.equal(whole[1:, 5:9], part)
    assert len({each.numpy().tobytes() for each in whole.flatten(0, 1)}) == 64
    assert not torch.isclose(whole, later).any(dim=3).all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_units_are_driven_by_spikes_and_noise(backend: Backend) -> None:
    # without weights it is the noise alone that makes spikes
    run = noisy(0.6, hidden_units=37)
    weights = Weights(torch.zeros(1, 14, 37), torch.ones(1, 37, 4))
    batch = next(batches(run, [1], "test").each(32))
    made = forward(weights, batch, run, backend)
    alpha = math.exp(-1 / run.network.tau_ms)
    noise = hidden_noise(batch.bits[batch.row], run)
    assert noise is not None and made.hidden_counts is not None
    v, s, counts = (torch.zeros(32, 37) for _ in range(3))
    for t in range(23):
        drive = noise[0, :, t] if t < 22 else torch.zeros(32, 37)
        v, s = (alpha * v + drive) * (1 - s), (v > 1).float()
        counts += s
    assert torch.equal(made.hidden_counts[0].float(), counts)
    assert 0 < counts.mean() < 11


def test_native_core_and_reference_agree_with_noise() -> None:
    run = noisy(0.3, hidden_units=35)
    weights = start_weights(run, [1, 2], 2.0)
    data = batches(run, [1, 2], "test")
    ours, theirs = (evaluate(weights, data, run, backend) for backend in ("auto", "reference"))
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
    data, weights = batches(run, [1], "test"), start_weights(run, [1], 2.0)
    counts, logits = [], []
    for size in (32, 5):
        outputs = [forward(weights, each, run) for each in data.each(size)]
        hidden = [each.hidden_counts for each in outputs if each.hidden_counts is not None]
        counts.append(torch.cat(hidden, 1))
        logits.append(torch.cat([each.logits for each in outputs], 1))
    assert torch.equal(*counts)
    torch.testing.assert_close(*logits)  # the last bits of a product depend on its size


def test_a_loaded_network_is_given_its_noise() -> None:
    run = noisy()
    (made,) = data_sets(run, [1], "test")
    spikes = torch.from_numpy(made.spikes.unpack().astype(np.float32))[None]
    weights = start_weights(run, [1], 2.0)
    noise = hidden_noise(torch.from_numpy(made.spikes.bits)[None], run)
    quiet, loud = (reference_forward(weights, spikes, run, each).logits for each in (None, noise))
    assert not torch.equal(quiet, loud)
    expected = evaluate(weights, batches(run, [1], "test"), run).estimated
    assert np.array_equal(loud.argmax(2).numpy(), expected)

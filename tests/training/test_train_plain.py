"""A whole training against one written in plain loops, doubles, and its own permutation."""

import math

import numpy as np
import pytest
from helpers import BACKENDS, data_sets, small_run, start_weights, train_ensemble
from philox import plain_words
from plain import Floats, PlainAdam, plain_alpha, plain_gradients, plain_hidden, plain_readout

from spikeloc.config.parameters import Backend, RunParameters

SEEDS = [5, 6]


def plain_loss(x: Floats, w1: Floats, w2: Floats, target: int, run: RunParameters) -> float:
    _, hidden = plain_hidden(x @ w1, plain_alpha(run))
    logits = run.network.logit_scale * plain_readout(hidden @ w2, plain_alpha(run)).sum(0)
    return float(math.log(np.exp(logits).sum()) - logits[target])


def plain_pull(x: Floats, w1: Floats, run: RunParameters) -> Floats:
    """Gradient of the penalty on rates with respect to a spike of each hidden unit, times the
    number of samples."""
    penalty, seconds = run.training.rate_penalty, run.stimulus.duration_ms / 1000
    pull = np.zeros(w1.shape[1])
    if penalty is None:
        return pull
    counts = [plain_hidden(each @ w1, plain_alpha(run))[1].sum(0) for each in x]
    for unit in range(len(pull)):
        rate = sum(count[unit] for count in counts) / len(x) / seconds
        if rate > penalty.max_hz:
            pull[unit] = 2 * penalty.weight * (rate - penalty.max_hz) / len(pull) / seconds
        if rate < penalty.min_hz:
            pull[unit] = 2 * penalty.weight * (rate - penalty.min_hz) / len(pull) / seconds
    return pull


def plain_training(run: RunParameters, seed: int) -> tuple[list[Floats], list[float]]:
    """Weights at the end and the mean training loss of each epoch."""
    (data,) = data_sets(run, [seed], "training")
    x = data.spikes.unpack().astype(np.float64)
    # floor((IPD + pi/2) classes / pi)
    target = [
        int((ipd + math.pi / 2) * run.network.classes / math.pi) for ipd in data.trials.ipd_rad
    ]
    start = start_weights(run, [seed])
    layers = [
        PlainAdam(start[name][0].double().numpy(), run.training.learning_rate)
        for name in ("w1", "w2")
    ]
    losses = []
    for epoch in range(run.training.epochs):
        words = plain_words(seed, "batches", len(x), epoch)
        order, total = sorted(range(len(x)), key=lambda place: words[place]), 0.0
        for first in range(0, len(x), run.training.batch_size):
            batch = order[first : first + run.training.batch_size]
            w1, w2 = (layer.weight for layer in layers)
            total += sum(plain_loss(x[i], w1, w2, target[i], run) for i in batch)
            pull = plain_pull(x[batch], w1, run)
            each = [plain_gradients(x[i], w1, w2, target[i], run, pull) for i in batch]
            for position, layer in enumerate(layers):
                layer.step(np.mean([gradients[position] for gradients in each], axis=0))
        losses.append(total / len(x))
    return [layer.weight for layer in layers], losses


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("penalty", [None, {"min_hz": 60.0, "max_hz": 110.0, "weight": 0.0001}])
def test_training_equals_plain_loops(backend: Backend, penalty: dict[str, float] | None) -> None:
    # 44 samples in batches of 16: the last of an epoch holds 12
    run = small_run(
        network={"logit_scale": 0.5},
        training={"training_samples": 44, "weights_kept": "notebook", "rate_penalty": penalty},
    )
    trained = train_ensemble(run, SEEDS, backend)
    for n, seed in enumerate(SEEDS):
        weights, losses = plain_training(run, seed)
        assert losses[-1] < losses[0]
        np.testing.assert_allclose(trained.progress[n].train_loss, losses, rtol=1e-5)
        for made, expected in zip(trained.weights.values(), weights, strict=True):
            np.testing.assert_allclose(made[n], expected, atol=1e-4)

"""The forward pass and its gradients against plain loops, and ensembles against single networks."""

import math

import numpy as np
import pytest
import torch
from helpers import batches, data_sets, float_spikes, small_run, start_weights, train_ensemble
from plain import plain_alpha, plain_gradients, plain_hidden, plain_readout

from spikeloc.config.parameters import RunParameters
from spikeloc.networks.forward import output_potentials, reference_forward
from spikeloc.networks.readout import class_losses
from spikeloc.networks.weights import Weights, initial_weight, layer_shapes

SEEDS = [3, 4]
FULL = RunParameters()
MEMBRANE_ONLY = {"model": "membrane_only"}


def inputs_of(run: RunParameters, seeds: list[int], samples: int) -> torch.Tensor:
    return float_spikes(data_sets(run, seeds, "training"))[:, :samples].contiguous()


def loss_gradients(
    weights: Weights, spikes: torch.Tensor, target: torch.Tensor, run: RunParameters
) -> dict[str, torch.Tensor]:
    leaves = {name: layer.clone().requires_grad_() for name, layer in weights.layers().items()}
    logits = reference_forward(Weights(leaves["w1"], leaves.get("w2")), spikes, run).logits
    class_losses(logits, target).mean(1).sum().backward()  # type: ignore[no-untyped-call]
    return {name: leaf.grad for name, leaf in leaves.items() if leaf.grad is not None}


def test_logits_and_spikes_equal_plain_loops() -> None:
    run = small_run()
    spikes, weights = inputs_of(run, SEEDS, 8), start_weights(run, SEEDS, 1.5)
    output = reference_forward(weights, spikes, run)
    assert weights.w2 is not None and output.hidden_spikes is not None
    assert 0.02 < output.hidden_spikes.mean() < 0.5  # there is something to compare
    for n in range(len(SEEDS)):
        w1, w2 = weights.w1[n].double().numpy(), weights.w2[n].double().numpy()
        for i in range(8):
            x = spikes[n, i].double().numpy()
            _, hidden = plain_hidden(x @ w1, plain_alpha(run))
            np.testing.assert_array_equal(output.hidden_spikes[n, i].numpy(), hidden)
            logits = 0.01 * plain_readout(hidden @ w2, plain_alpha(run)).sum(0)
            np.testing.assert_allclose(output.logits[n, i], logits, rtol=1e-5, atol=1e-7)


def test_gradients_equal_an_unrolled_backward_pass() -> None:
    run = small_run(network={"logit_scale": 0.5})  # so that the logits differ
    spikes, weights = inputs_of(run, SEEDS, 8), start_weights(run, SEEDS, 1.5)
    target = batches(run, SEEDS).target[:, :8]
    made = loss_gradients(weights, spikes, target, run)
    assert weights.w2 is not None
    for n in range(len(SEEDS)):
        w1, w2 = weights.w1[n].double().numpy(), weights.w2[n].double().numpy()
        each = [
            plain_gradients(spikes[n, i].double().numpy(), w1, w2, int(target[n, i]), run)
            for i in range(8)
        ]
        for name, parts in (("w1", [g[0] for g in each]), ("w2", [g[1] for g in each])):
            expected = np.mean(parts, axis=0)
            assert np.abs(expected).max() > 1e-3
            size = np.abs(expected).max()
            np.testing.assert_allclose(made[name][n], expected, rtol=1e-4, atol=1e-6 * size)


def test_membrane_only_logits_equal_a_plain_loop() -> None:
    run = small_run(network=MEMBRANE_ONLY)
    spikes, weights = inputs_of(run, SEEDS, 4), start_weights(run, SEEDS)
    assert weights.w2 is None and weights.w1.shape == (2, 14, 4)
    output = reference_forward(weights, spikes, run)
    assert output.hidden_spikes is None
    for n in range(len(SEEDS)):
        for i in range(4):
            drive = spikes[n, i].double().numpy() @ weights.w1[n].double().numpy()
            logits = 0.01 * plain_readout(drive, plain_alpha(run)).sum(0)
            np.testing.assert_allclose(output.logits[n, i], logits, rtol=1e-5, atol=1e-7)


def test_readout_potentials_add_up_to_the_logits() -> None:
    run = small_run()
    weights = start_weights(run, SEEDS, 1.5)
    output = reference_forward(weights, inputs_of(run, SEEDS, 4), run)
    potentials = output_potentials(weights, output, run)
    assert output.logits.abs().max() > 0
    torch.testing.assert_close(0.01 * potentials.sum(2), output.logits)
    with pytest.raises(ValueError, match="no hidden spikes"):
        output_potentials(Weights(weights.w1, None), output, run)


def test_the_last_three_bins_never_reach_the_logits() -> None:
    # x[t] moves v[t+1], that s[t+2], that o[t+3]: x[T-4] is the last to reach o[T-1]
    run = small_run()
    spikes, weights = inputs_of(run, SEEDS, 8), start_weights(run, SEEDS, 3.0)
    changed = spikes.clone()
    changed[:, :, -3:] = 1 - changed[:, :, -3:]
    expected = reference_forward(weights, spikes, run).logits
    assert torch.equal(reference_forward(weights, changed, run).logits, expected)
    silent = torch.zeros_like(spikes)
    silent[:, :, -4] = 1
    strong = Weights(weights.w1.abs() * 10, weights.w2)
    assert (reference_forward(strong, silent, run).logits != 0).all()


@pytest.mark.parametrize("network", [{}, MEMBRANE_ONLY, {"w1": {"signs": "dale"}}])
def test_an_ensemble_is_bitwise_its_networks(network: dict[str, object]) -> None:
    run, seeds = small_run(network=network), [1, 2, 3, 4]
    data, weights = batches(run, seeds), start_weights(run, seeds, 1.5)
    spikes, target = inputs_of(run, seeds, 48), data.target
    logits = reference_forward(weights, spikes, run).logits
    gradients = loss_gradients(weights, spikes, target, run)
    for n in range(len(seeds)):
        layers = {name: layer[n : n + 1] for name, layer in weights.layers().items()}
        single, one = Weights(layers["w1"], layers.get("w2")), spikes[n : n + 1]
        assert torch.equal(reference_forward(single, one, run).logits[0], logits[n])
        for name, gradient in loss_gradients(single, one, target[n : n + 1], run).items():
            assert torch.equal(gradient[0], gradients[name][n])


def test_a_full_size_step_of_an_ensemble_is_bitwise_its_networks() -> None:
    run = FULL.model_copy(
        update={"training": FULL.training.model_copy(update={"training_samples": 64, "epochs": 1})}
    )
    run = run.model_copy(
        update={"training": run.training.model_copy(update={"validation_samples": 64})}
    )
    together = train_ensemble(run, SEEDS).weights
    assert together.w1.shape == (2, 200, 30)
    for n, seed in enumerate(SEEDS):
        alone = train_ensemble(run, [seed]).weights
        for name, layer in together.layers().items():
            assert torch.equal(alone.layers()[name][0], layer[n])
            assert not torch.equal(layer[n], start_weights(run, [seed]).layers()[name][0])


def test_initial_weights_lie_within_one_over_root_of_the_columns() -> None:
    for name, (rows, columns) in layer_shapes(FULL.network, 200).items():
        weight = initial_weight(name, (rows, columns), seed=5)
        bound = 1 / math.sqrt(columns)
        # the largest of n uniform magnitudes misses the bound by 1/n of it on average
        assert bound * (1 - 30 / weight.numel()) < weight.abs().max() <= bound * (1 + 1e-7)
        # mean of n uniform numbers: sd bound / sqrt(3 n)
        assert abs(weight.mean()) < 5 * bound / math.sqrt(3 * weight.numel())


def test_initial_weights_are_those_of_their_seed_and_layer() -> None:
    shape = (30, 12)
    first = initial_weight("w1", shape, 1)
    assert torch.equal(first, initial_weight("w1", shape, 1))
    assert not torch.equal(first, initial_weight("w1", shape, 2))
    assert not torch.equal(first, initial_weight("w2", shape, 1))

"""The forward pass and its gradients against plain loops, and ensembles against single networks."""

import math

import numpy as np
import pytest
import torch
from helpers import (
    data_sets,
    ensemble,
    ensemble_data,
    float_spikes,
    small_run,
    start_network,
    start_weights,
    train_ensemble,
)
from plain import plain_alpha, plain_gradients, plain_hidden, plain_readout

from spikeloc.config.parameters import RunParameters
from spikeloc.networks.initial_weights import uniform_weights
from spikeloc.networks.loaded_run import weight_shapes
from spikeloc.networks.network import LocalisationNetwork, NetworkOutput
from spikeloc.networks.readout import class_losses
from spikeloc.networks.spiking_network import SpikingNetwork

SEEDS = [3, 4]
FULL = RunParameters()
MEMBRANE_ONLY = {"model": "membrane_only"}
STRONG = {"initial_scale": 1.5}


def inputs_of(run: RunParameters, seeds: list[int], samples: int) -> torch.Tensor:
    return float_spikes(data_sets(run, seeds, "training"))[:, :samples].contiguous()


def loss_gradients(
    network: LocalisationNetwork, spikes: torch.Tensor, target: torch.Tensor
) -> list[torch.Tensor]:
    loss = class_losses(network(spikes).logits, target).mean(1).sum()
    return list(torch.autograd.grad(loss, list(network.parameters())))


def test_logits_and_spikes_equal_plain_loops() -> None:
    run = small_run()
    spikes, weights = inputs_of(run, SEEDS, 8), start_weights(run, SEEDS, 1.5)
    output = start_network(run, SEEDS, 1.5, "reference")(spikes, record=True)
    output = output.map(torch.Tensor.detach)
    assert 0.02 < output.hidden_spikes.mean() < 0.5  # there is something to compare
    for n in range(len(SEEDS)):
        w1, w2 = (layer[n].double().numpy() for layer in weights.values())
        for i in range(8):
            x = spikes[n, i].double().numpy()
            _, hidden = plain_hidden(x @ w1, plain_alpha(run))
            np.testing.assert_array_equal(output.hidden_spikes[n, i].numpy(), hidden)
            logits = 0.01 * plain_readout(hidden @ w2, plain_alpha(run)).sum(0)
            np.testing.assert_allclose(output.logits[n, i], logits, rtol=1e-5, atol=1e-7)


def test_gradients_equal_an_unrolled_backward_pass() -> None:
    run = small_run(network={"logit_scale": 0.5})  # so that the logits differ
    spikes, weights = inputs_of(run, SEEDS, 8), start_weights(run, SEEDS, 1.5)
    target = ensemble_data(run, SEEDS).target[:, :8]
    made = loss_gradients(start_network(run, SEEDS, 1.5, "reference"), spikes, target)
    for n in range(len(SEEDS)):
        w1, w2 = (layer[n].double().numpy() for layer in weights.values())
        each = [
            plain_gradients(spikes[n, i].double().numpy(), w1, w2, int(target[n, i]), run)
            for i in range(8)
        ]
        for layer, parts in zip(made, zip(*each, strict=True), strict=True):
            expected = np.mean(parts, axis=0)
            assert np.abs(expected).max() > 1e-3
            size = np.abs(expected).max()
            np.testing.assert_allclose(layer[n], expected, rtol=1e-4, atol=1e-6 * size)


def test_membrane_only_logits_equal_a_plain_loop() -> None:
    run = small_run(network=MEMBRANE_ONLY)
    spikes, network = inputs_of(run, SEEDS, 4), start_network(run, SEEDS)
    weights = network.signed_weights()
    assert weights.keys() == {"w1"} and weights["w1"].shape == (2, 14, 4)
    output = network(spikes).map(torch.Tensor.detach)
    assert output.hidden_spikes is None and output.hidden_counts is None
    for n in range(len(SEEDS)):
        for i in range(4):
            drive = spikes[n, i].double().numpy() @ weights["w1"][n].double().numpy()
            logits = 0.01 * plain_readout(drive, plain_alpha(run)).sum(0)
            np.testing.assert_allclose(output.logits[n, i], logits, rtol=1e-5, atol=1e-7)


def test_readout_potentials_add_up_to_the_logits() -> None:
    run = small_run()
    network = start_network(run, SEEDS, 1.5, "reference")
    assert isinstance(network, SpikingNetwork)
    output = network(inputs_of(run, SEEDS, 4), record=True)
    potentials = network.output_potentials(output)
    assert output.logits.abs().max() > 0
    torch.testing.assert_close(0.01 * potentials.sum(2), output.logits)
    with pytest.raises(ValueError, match="hidden spikes were not recorded"):
        network.output_potentials(NetworkOutput(output.logits))


def test_the_last_three_bins_never_reach_the_logits() -> None:
    # x[t] moves v[t+1], that s[t+2], that o[t+3]: x[T-4] is the last to reach o[T-1]
    run = small_run()
    spikes, network = inputs_of(run, SEEDS, 8), start_network(run, SEEDS, 3.0, "reference")
    changed = spikes.clone()
    changed[:, :, -3:] = 1 - changed[:, :, -3:]
    assert torch.equal(network(changed).logits, network(spikes).logits)
    silent = torch.zeros_like(spikes)
    silent[:, :, -4] = 1
    network.w1.data = 10 * network.w1.abs()
    assert (network(silent).logits != 0).all()


@pytest.mark.parametrize(
    "network", [{"w1": STRONG}, MEMBRANE_ONLY, {"w1": {"signs": "dale"} | STRONG}]
)
def test_an_ensemble_is_bitwise_its_networks(network: dict[str, object]) -> None:
    run, seeds = small_run(network=network), [1, 2, 3, 4]
    together, target = ensemble(run, seeds, "reference"), ensemble_data(run, seeds).target
    spikes = inputs_of(run, seeds, 48)
    logits, gradients = together(spikes).logits, loss_gradients(together, spikes, target)
    for n in range(len(seeds)):
        alone = together.single(n)
        assert torch.equal(alone(spikes[n]).logits, logits[n])
        made = loss_gradients(alone.as_ensemble(), spikes[n : n + 1], target[n : n + 1])
        for gradient, of_all in zip(made, gradients, strict=True):
            assert torch.equal(gradient[0], of_all[n])


def test_a_full_size_step_of_an_ensemble_is_bitwise_its_networks() -> None:
    run = FULL.model_copy(
        update={"training": FULL.training.model_copy(update={"training_samples": 64, "epochs": 1})}
    )
    run = run.model_copy(
        update={"training": run.training.model_copy(update={"validation_samples": 64})}
    )
    together = train_ensemble(run, SEEDS).weights
    assert together["w1"].shape == (2, 200, 30)
    for n, seed in enumerate(SEEDS):
        alone = train_ensemble(run, [seed]).weights
        for name, layer in together.items():
            assert torch.equal(alone[name][0], layer[n])
            assert not torch.equal(layer[n], start_weights(run, [seed])[name][0])


def test_initial_weights_lie_within_one_over_root_of_the_columns() -> None:
    for name, (rows, columns) in weight_shapes(FULL.network, 200).items():
        weight = uniform_weights(name, (rows, columns), seed=5)
        bound = 1 / math.sqrt(columns)
        # the largest of n uniform magnitudes misses the bound by 1/n of it on average
        assert bound * (1 - 30 / weight.numel()) < weight.abs().max() <= bound * (1 + 1e-7)
        # mean of n uniform numbers: sd bound / sqrt(3 n)
        assert abs(weight.mean()) < 5 * bound / math.sqrt(3 * weight.numel())


def test_initial_weights_are_those_of_their_seed_and_layer() -> None:
    shape = (30, 12)
    first = uniform_weights("w1", shape, 1)
    assert torch.equal(first, uniform_weights("w1", shape, 1))
    assert not torch.equal(first, uniform_weights("w1", shape, 2))
    assert not torch.equal(first, uniform_weights("w2", shape, 1))

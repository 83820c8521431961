"""A readout with a time constant of its own, and its last or largest potential as the output."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from helpers import data_sets, ensemble_data, float_spikes, small_run, start_network
from plain import Floats, plain_alpha, plain_hidden, plain_readout
from pydantic import ValidationError

import spikeloc
from spikeloc.config.parameters import NetworkParameters, RunParameters
from spikeloc.io.errors import InputError
from spikeloc.native import use_native
from spikeloc.networks.neuron import integrator_last_weights, integrator_potentials
from spikeloc.networks.readout import class_losses
from spikeloc.networks.signs.layout import presynaptic_signs

SEEDS = [3, 4]
OVER_TIME: dict[str, Callable[[Floats], Floats]] = {
    "sum": lambda potentials: potentials.sum(0),
    "last": lambda potentials: potentials[-1],
    "maximum": lambda potentials: potentials.max(0),
}


def test_a_leaky_integrator_worked_out_by_hand() -> None:
    # alpha = 1/2, drive 4, 0, 2, 8: potentials 0, 4, 2, 3
    drive = torch.tensor([4.0, 0.0, 2.0, 8.0], dtype=torch.float64)[:, None]
    assert integrator_potentials(drive, 0.5)[:, 0].tolist() == [0, 4, 2, 3]
    weights = integrator_last_weights(4, 0.5)
    assert weights.tolist() == [0.25, 0.5, 1, 0]
    assert weights @ drive[:, 0] == 3


@pytest.mark.parametrize("over_time", [*OVER_TIME])
@pytest.mark.parametrize("tau", [None, 2.0])
def test_logits_equal_plain_loops(over_time: str, tau: float | None) -> None:
    changed = {"readout_over_time": over_time, "readout_tau_ms": tau, "logit_scale": 0.5}
    run = small_run(network=changed)
    alpha = math.exp(-run.stimulus.time_step_ms / (tau or run.network.tau_ms))
    network = start_network(run, SEEDS, 1.5, "reference")
    spikes = float_spikes(data_sets(run, SEEDS, "training"))[:, :6]
    output = network(spikes, record=True).map(torch.Tensor.detach)
    assert output.hidden_spikes.mean() > 0.02
    weights = network.signed_weights()
    for n in range(len(SEEDS)):
        w1, w2 = (weights[name][n].double().numpy() for name in ("w1", "w2"))
        for i in range(6):
            _, hidden = plain_hidden(spikes[n, i].double().numpy() @ w1, plain_alpha(run))
            potentials = plain_readout(hidden @ w2, alpha)
            expected = 0.5 * OVER_TIME[over_time](potentials)
            np.testing.assert_allclose(output.logits[n, i], expected, rtol=1e-5, atol=1e-6)
    assert isinstance(network, spikeloc.SpikingNetwork)
    made = network.output_potentials(output).detach()
    reduced = torch.stack([torch.from_numpy(OVER_TIME[over_time](each.numpy()))
                           for each in made.flatten(0, 1)])  # fmt: skip
    torch.testing.assert_close(0.5 * reduced, output.logits.flatten(0, 1), rtol=1e-4, atol=1e-5)


def test_the_gradient_of_a_maximum_flows_through_the_largest_potential() -> None:
    run = small_run(network={"readout_over_time": "maximum", "logit_scale": 0.5})
    alpha = plain_alpha(run)
    network = start_network(run, SEEDS, 1.5)
    spikes = float_spikes(data_sets(run, SEEDS, "training"))[:, :6]
    output = network(spikes, record=True)
    upstream = torch.randn(output.logits.shape, generator=torch.Generator().manual_seed(0))
    output.logits.backward(upstream)
    w1, w2 = (network.raw_parameters(name)[0] for name in ("w1", "w2"))
    for n in range(len(SEEDS)):
        expected = np.zeros(w2[n].shape)
        for i in range(6):
            hidden = output.hidden_spikes[n, i].detach().double().numpy()
            potentials = plain_readout(hidden @ w2[n].detach().double().numpy(), alpha)
            for unit, at in enumerate(potentials.argmax(0)):
                traces = plain_readout(hidden, alpha)[at]
                expected[:, unit] += 0.5 * upstream[n, i, unit].item() * traces
        assert w1.grad is not None and w2.grad is not None
        np.testing.assert_allclose(w2.grad[n], expected, rtol=1e-4, atol=1e-5)
    assert w1.grad is not None and w1.grad.abs().max() > 0


@pytest.mark.parametrize("changed", [{"readout_over_time": "last"}, {"readout_tau_ms": 2.0}])
def test_the_native_core_gives_the_same_losses_and_gradients(changed: dict[str, Any]) -> None:
    if not use_native("auto"):
        pytest.skip("the native core was not built")
    run = small_run(network=changed | {"logit_scale": 0.5})
    batch = next(ensemble_data(run, SEEDS).batches(16))
    gradients = []
    for backend in ("reference", "native"):
        network = start_network(run, SEEDS, 1.5, backend)
        logits = network(network.prepare(batch.spikes, training=True)).logits
        torch.autograd.backward(class_losses(logits, batch.target).mean(1).sum())
        gradients.append([network.raw_parameters(name)[0].grad for name in ("w1", "w2")])
    for ours, theirs in zip(*gradients, strict=True):
        size = theirs.abs().max().item()
        assert size > 0
        torch.testing.assert_close(theirs, ours, rtol=1e-4, atol=1e-5 * size)


@pytest.mark.parametrize("over_time", ["last", "maximum"])
def test_without_a_hidden_layer(over_time: str) -> None:
    run = small_run(network={"model": "membrane_only", "readout_over_time": over_time})
    network = start_network(run, SEEDS, 1.5)
    data = ensemble_data(run, SEEDS)
    spikes = float_spikes(data_sets(run, SEEDS, "training"))
    logits = network(data.spikes).logits.detach()
    w1 = network.signed_weights()["w1"].double().numpy()
    for n, i in np.ndindex(len(SEEDS), 4):
        potentials = plain_readout(spikes[n, i].double().numpy() @ w1[n], plain_alpha(run))
        expected = run.network.logit_scale * OVER_TIME[over_time](potentials)
        np.testing.assert_allclose(logits[n, i], expected, rtol=1e-4, atol=1e-5)
    prepared = network(network.prepare(data.spikes, training=True)).logits
    torch.testing.assert_close(prepared.detach(), logits, rtol=1e-4, atol=1e-5)


def test_what_has_no_effect_or_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="readout_tau_ms: a membrane_only network"):
        NetworkParameters(model="membrane_only", readout_tau_ms=2.0)
    with pytest.raises(ValidationError, match="readout_tau_ms"):
        NetworkParameters(readout_tau_ms=0.0)
    maximum = NetworkParameters(readout_over_time="maximum")
    with pytest.raises(InputError, match=r"backend: the native core .* readout_over_time: maximum"):
        spikeloc.SpikingNetwork(maximum, backend="native")
    with pytest.raises(ValueError, match="readout_tau_ms nor readout_over_time"):
        spikeloc.to_nir(spikeloc.SpikingNetwork(NetworkParameters(readout_tau_ms=2.0)))
    with pytest.raises(ValidationError, match="placement: first needs signs"):
        spikeloc.LayerParameters(placement="first")


def test_names_of_runs_without_the_new_parameters_stay() -> None:
    run = RunParameters()
    same = NetworkParameters(readout_tau_ms=run.network.tau_ms, readout_over_time="sum")
    assert "readout_tau_ms" not in run.canonical()["network"]
    assert RunParameters(network=same).network_name([1]) == run.network_name([1])
    for changed in ({"readout_tau_ms": 2.0}, {"readout_over_time": "last"}):
        other = RunParameters(network=NetworkParameters.model_validate(changed))
        assert other.network_name([1]) != run.network_name([1])


def test_inhibitory_units_may_be_the_first_ones() -> None:
    layer = spikeloc.LayerParameters(signs="dale", inhibitory_fraction=0.3, placement="first")
    assert presynaptic_signs(layer, "w1", 10, seed=5).tolist() == [-1] * 3 + [1] * 7
    assert "placement" not in spikeloc.LayerParameters().model_dump()


def test_the_last_weights_may_be_kept_although_training_stops_early() -> None:
    stimulus = spikeloc.StimulusParameters(fibres_per_ear=10, duration_ms=30)
    data = spikeloc.LocalisationDataset(stimulus, samples=32, seed=1)
    validation = spikeloc.LocalisationDataset(stimulus, samples=32, seed=9)
    kept = {}
    for which in ("best", "last", "notebook"):
        network = spikeloc.SpikingNetwork(NetworkParameters(hidden_units=6), stimulus, seed=1)
        recipe = spikeloc.TrainingParameters(
            epochs=60, patience_epochs=1, learning_rate=0.5, weights_kept=which
        )
        (progress,) = spikeloc.train(network, data, validation, recipe)
        kept[which] = network.w1.detach()
    assert progress.stopped_early
    assert torch.equal(kept["best"], kept["notebook"])
    assert not torch.equal(kept["best"], kept["last"])

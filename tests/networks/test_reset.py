"""Hidden units that spike and are reset in the same step: `reset: immediate`."""

from typing import Any

import numpy as np
import pytest
import torch
from configs import by_path, named, put, runs_of
from helpers import data_sets, ensemble, ensemble_data, float_spikes, small_run, start_network
from plain import plain_alpha, plain_gradients, plain_immediate, plain_readout
from pydantic import ValidationError

from spikeloc.config.parameters import RunParameters
from spikeloc.io.errors import InputError
from spikeloc.networks.neuron import LIFUnits
from spikeloc.networks.readout import class_losses

SEEDS = [3, 4]
IMMEDIATE = {"reset": "immediate"}


def test_spike_and_reset_come_with_the_drive_that_exceeds_the_threshold() -> None:
    # 0.75; 0.375 + 0.75 = 1.125 > 1 -> spike, v = 0; 0.75; 0.375 + 0.625 = 1: not above; 8 -> spike
    drive = torch.tensor([0.75, 0.75, 0.75, 0.625, 8.0, -2.0, 0.0])[:, None]
    states = LIFUnits(0.5, 5.0, reset="immediate").states(drive)
    trace = [(state.potential.item(), state.spikes.item()) for state in states]
    assert trace == [(0, 0), (0.75, 0), (0, 1), (0.75, 0), (1, 0), (0, 1), (-2, 0)]


def test_spikes_logits_and_gradients_equal_plain_loops() -> None:
    run = small_run(network=IMMEDIATE | {"logit_scale": 0.5})
    network = start_network(run, SEEDS, 1.5)
    spikes = float_spikes(data_sets(run, SEEDS, "training"))[:, :8]
    target = ensemble_data(run, SEEDS).target[:, :8]
    output = network(spikes, record=True)
    assert output.hidden_spikes is not None and 0.02 < output.hidden_spikes.mean() < 0.5
    class_losses(output.logits, target).mean(1).sum().backward()  # type: ignore[no-untyped-call]
    w1, w2 = network.raw_parameters("w1")[0], network.raw_parameters("w2")[0]
    for n in range(len(SEEDS)):
        first, second = w1[n].detach().double().numpy(), w2[n].detach().double().numpy()
        gradients = []
        for i in range(8):
            x = spikes[n, i].double().numpy()
            _, hidden = plain_immediate(x @ first, plain_alpha(run))
            np.testing.assert_array_equal(output.hidden_spikes[n, i].detach(), hidden)
            logits = 0.5 * plain_readout(hidden @ second, plain_alpha(run)).sum(0)
            np.testing.assert_allclose(output.logits[n, i].detach(), logits, rtol=1e-5, atol=1e-6)
            gradients.append(plain_gradients(x, first, second, int(target[n, i]), run))
        for weight, parts in zip((w1, w2), zip(*gradients, strict=True), strict=True):
            expected = np.mean(parts, axis=0)
            size = np.abs(expected).max()
            assert weight.grad is not None and size > 1e-3
            np.testing.assert_allclose(weight.grad[n], expected, rtol=1e-4, atol=1e-6 * size)


def test_only_the_last_two_bins_never_reach_the_logits() -> None:
    # x[t] moves s[t+1], and that o[t+2]: x[T-3] is the last to reach o[T-1]
    run = small_run(network=IMMEDIATE)
    network = start_network(run, SEEDS, 3.0)
    spikes = float_spikes(data_sets(run, SEEDS, "training"))[:, :8]
    changed = spikes.clone()
    changed[:, :, -2:] = 1 - changed[:, :, -2:]
    assert torch.equal(network(changed).logits, network(spikes).logits)
    silent = torch.zeros_like(spikes)
    silent[:, :, -3] = 1
    network.w1.data = network.w1.abs() * 10
    assert (network(silent).logits != 0).all()


@pytest.mark.parametrize(
    "network", [{}, {"noise_sd": 0.3}, {"w1": {"signs": "dale", "method": "dann"}}]
)
def test_auto_is_the_reference_and_native_refuses(network: dict[str, Any]) -> None:
    run, late = small_run(network=network | IMMEDIATE), small_run(network=network)
    data = ensemble_data(run, SEEDS).map_spikes(ensemble(run, SEEDS).prepare)
    made = [ensemble(run, SEEDS, each)(data.spikes) for each in ("auto", "reference")]
    assert torch.equal(made[0].logits, made[1].logits)
    assert not torch.equal(made[0].logits, ensemble(late, SEEDS)(data.spikes).logits)
    with pytest.raises(InputError, match=r"^backend: the native core .* reset: immediate$"):
        ensemble(run, SEEDS, "native")


def test_an_ensemble_is_bitwise_its_networks() -> None:
    run = small_run(network=IMMEDIATE)
    network = start_network(run, SEEDS, 1.5)
    spikes = ensemble_data(run, SEEDS).spikes
    logits = network(spikes).logits
    for n in range(len(SEEDS)):
        alone = network.single(n)
        assert torch.equal(alone(spikes.take(spikes.row[n : n + 1])).logits, logits[n])


def test_the_default_changes_neither_names_nor_stored_parameters() -> None:
    plain, late = RunParameters(), RunParameters.model_validate({"network": {"reset": "late"}})
    assert late == plain and late.network_name([1]) == plain.network_name([1])
    assert "reset" not in late.model_dump()["network"]
    immediate = RunParameters.model_validate({"network": IMMEDIATE})
    assert immediate.network_name([1]) != plain.network_name([1])
    assert RunParameters.model_validate(immediate.model_dump()) == immediate
    with pytest.raises(ValidationError, match="late"):
        RunParameters.model_validate({"network": {"reset": "never"}})


def test_a_network_without_hidden_units_has_no_reset() -> None:
    network = {"model": "membrane_only"}
    plain = RunParameters.model_validate({"network": network})
    same = RunParameters.model_validate({"network": network | IMMEDIATE}).normalised()
    assert same == plain.normalised() and same.network_name([1]) == plain.network_name([1])


def test_a_condition_may_return_to_the_default() -> None:
    conditions = [
        {"name": "late", "label": "late", "network": {"reset": "late"}},
        {"name": "other", "label": "as in the rest of the config"},
    ]
    runs = by_path(runs_of(put(named(*conditions), "network.reset", "immediate")))
    found = [runs[f"extra/{name}/corrected"].parameters.network.reset for name in ("late", "other")]
    assert found == ["late", "immediate"]

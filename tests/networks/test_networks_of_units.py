"""Networks whose hidden units are reset by subtraction, adapt their threshold or are refractory, or
whose readout units spike: logits, gradients, training, files and names."""

import math
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from helpers import (
    data_sets,
    ensemble,
    ensemble_data,
    float_spikes,
    small_run,
    start_network,
    train_ensemble,
)
from plain import leaky
from plain_units import plain_unit
from pydantic import ValidationError

import spikeloc
from spikeloc.config.parameters import NetworkParameters, RunParameters
from spikeloc.io.errors import InputError, first_problem
from spikeloc.io.files import RUN_FILES
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.neuron import LIFUnits
from spikeloc.training.results import save_run

pytestmark = pytest.mark.long

SEEDS = [3, 4]
ADAPTS = {"threshold_jump": 0.4, "threshold_tau_ms": 6.0}
NETWORKS: dict[str, dict[str, Any]] = {
    "subtract": {"reset": "subtract"},
    "adapts": ADAPTS,
    "refractory": {"refractory_ms": 3.0},
    "spike count": {"readout_over_time": "spike_count", "readout_tau_ms": 3.0},
    "primer": ADAPTS | {"reset": "immediate"},
    "refractory, immediate": {"refractory_ms": 3.0, "reset": "immediate"},
    "all": ADAPTS | {"reset": "subtract", "refractory_ms": 2.0, "readout_over_time": "spike_count"},
}


@pytest.mark.parametrize("name", NETWORKS)
def test_logits_and_gradients_are_those_of_a_plain_loop(name: str) -> None:
    run = small_run(
        {"duration_ms": 16.0, "fibres_per_ear": 4},
        {"hidden_units": 3, "classes": 3, "logit_scale": 0.5} | NETWORKS[name],
    )
    network = start_network(run, SEEDS, 2.0).double()
    assert isinstance(network, spikeloc.SpikingNetwork)
    spikes = float_spikes(data_sets(run, SEEDS, "training"))[:, :2]
    output = network(spikes, record=True)
    assert output.hidden_spikes is not None and output.hidden_spikes.mean() > 0.02
    towards = torch.randn(output.logits.shape, generator=torch.Generator().manual_seed(1)).double()
    torch.autograd.backward(output.logits, towards)
    potentials = network.output_potentials(output).detach()
    readout = LIFUnits(network.readout_alpha, 5.0, reset=network.units.reset)
    counted = run.network.readout_over_time == "spike_count"
    for n in range(len(SEEDS)):
        w1, w2 = (each[n].detach().clone().requires_grad_() for each in (network.w1, network.w2))
        for i in range(2):
            drive = (spikes[n, i].double() @ w1).unbind(1)
            hidden = [plain_unit([*each], network.units)[1] for each in drive]
            stacked = torch.stack([torch.stack(each) for each in hidden], dim=1)
            assert torch.equal(output.hidden_spikes[n, i], stacked)
            logits = []
            for unit, each in enumerate((stacked @ w2).unbind(1)):
                if counted:
                    o, made = plain_unit([*each], readout)
                else:
                    o = made = leaky(each, network.readout_alpha)
                logits.append(0.5 * torch.stack(made).sum())
                expected = torch.stack(o).detach()
                torch.testing.assert_close(potentials[n, i, :, unit], expected)
            torch.autograd.backward(torch.stack(logits), towards[n, i])
            torch.testing.assert_close(output.logits[n, i], torch.stack(logits), rtol=1e-6, atol=0)
        for weight, own in ((network.w1, w1), (network.w2, w2)):
            assert weight.grad is not None and own.grad is not None
            size = own.grad.abs().max().item()
            assert size > 1e-3
            torch.testing.assert_close(weight.grad[n], own.grad, rtol=1e-5, atol=1e-6 * size)
    if counted:
        assert (output.logits * 2 == (output.logits * 2).round()).all() and output.logits.sum() > 0


@pytest.mark.parametrize(("reset", "lost"), [("late", 4), ("subtract", 4), ("immediate", 2)])
def test_the_last_bins_never_reach_a_count_of_spikes(reset: str, lost: int) -> None:
    run = small_run(network={"readout_over_time": "spike_count", "reset": reset})
    network = start_network(run, SEEDS, 1.0)
    network.w1.data, network.w2.data = network.w1.abs() * 10, network.w2.abs() * 10  # type: ignore[operator]
    for since, reached in ((lost, False), (lost + 1, True)):
        spikes = torch.zeros(len(SEEDS), 2, run.stimulus.steps, run.stimulus.inputs)
        spikes[:, :, -since:] = 1
        assert (network(spikes).logits > 0).all() == reached


@pytest.mark.parametrize("name", NETWORKS)
def test_an_ensemble_trains_bitwise_as_its_networks(name: str) -> None:
    run = small_run(
        {"duration_ms": 16.0},
        NETWORKS[name] | {"w1": {"initial_scale": 3.0}, "logit_scale": 0.5},
        {"epochs": 2},
    )
    together = train_ensemble(run, SEEDS)
    for n, seed in enumerate(SEEDS):
        alone = train_ensemble(run, [seed])
        assert alone.progress[0] == together.progress[n]
        for kind, weight in together.weights.items():
            assert torch.equal(alone.weights[kind][0], weight[n])
            assert not torch.equal(weight[n], ensemble(run, SEEDS).signed_weights()[kind][n])


@pytest.mark.parametrize("name", NETWORKS)
def test_auto_is_the_reference_and_others_refuse(name: str) -> None:
    changed = NETWORKS[name]
    run = small_run(network=changed | {"w1": {"initial_scale": 3.0}})
    data = ensemble_data(run, SEEDS).map_spikes(ensemble(run, SEEDS).prepare)
    made = [ensemble(run, SEEDS, each)(data.spikes) for each in ("auto", "reference")]
    assert torch.equal(made[0].logits, made[1].logits)
    plain = small_run(network={"w1": {"initial_scale": 3.0}})
    assert not torch.equal(made[0].logits, ensemble(plain, SEEDS)(data.spikes).logits)
    named = [f"{key}: {value}" for key, value in changed.items() if not key.endswith("tau_ms")]
    with pytest.raises(InputError, match=r"^backend: the native core cannot compute ") as refused:
        ensemble(run, SEEDS, "native")
    assert any(str(refused.value).endswith(each) for each in named)
    reason = "NIR has no neuron with |only one time constant and a sum over time"
    with pytest.raises(ValueError, match=f"^network: ({reason})"):
        spikeloc.to_nir(ensemble(run, [1]).single(0))


def test_divisive_inhibition_and_noise_go_with_all_of_them() -> None:
    both = {"noise_sd": 0.3, "w1": {"signs": "dale", "method": "dann"}}
    run = small_run(network=NETWORKS["all"] | both | {"logit_scale": 0.5})
    trained = train_ensemble(run, SEEDS)
    assert all(math.isfinite(loss) for each in trained.progress for loss in each.train_loss)


def test_a_run_comes_back_and_answers_as_before(tmp_path: Path) -> None:
    run = small_run(network=NETWORKS["all"] | {"w1": {"initial_scale": 3.0}, "logit_scale": 0.5})
    trained = train_ensemble(run, SEEDS)
    on = {each: evaluate(trained.network, ensemble_data(run, SEEDS, each))
          for each in run.data_sizes()}  # fmt: skip
    paths = {key: tmp_path / file for key, file in RUN_FILES.items()}
    start = ensemble(run, SEEDS).signed_weights()
    save_run(paths, trained.network, start, trained.progress, run, on)
    loaded = spikeloc.load_run(tmp_path)
    assert loaded.parameters == run
    spikes = ensemble_data(run, SEEDS, "test").spikes
    assert torch.equal(loaded.network(spikes).logits, trained.network(spikes).logits)


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ({"reset": "subtracts"}, "reset: .*'late', 'immediate' or 'subtract'"),
        ({"threshold_jump": -0.1}, "threshold_jump: .* 0"),
        ({"threshold_tau_ms": 0.0}, "threshold_tau_ms: .* 0"),
        ({"refractory_ms": -1.0}, "refractory_ms: .* 0"),
        ({"refractory_ms": 1.5}, "refractory_ms: 1.5 is not a whole number of .* 1 ms"),
        ({"refractory_ms": 25.0}, "refractory_ms: 25 is longer than a trial, duration_ms: 24"),
        ({"refractory_ms": math.inf}, "refractory_ms: "),
        (
            {"readout_over_time": "spike_count", "model": "membrane_only"},
            "readout_over_time: spike_count is not for membrane_only",
        ),
        (
            {"readout_over_time": "spike_count", "readout": "circular"},
            "readout_over_time: spike_count is never negative.* readout: circular",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(network: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        small_run(network=network)
    assert re.search(rf"^(network(\.|: ))?{message}", first_problem(refused.value))


def test_a_network_by_itself_refuses_a_period_that_does_not_fit_its_time_step() -> None:
    parameters = NetworkParameters(refractory_ms=1.0)
    stimulus = spikeloc.StimulusParameters(time_step_ms=0.4)
    with pytest.raises(ValueError, match=r"refractory_ms: 1 is not a whole .* of 0\.4 ms"):
        spikeloc.SpikingNetwork(parameters, stimulus)
    fitting = spikeloc.StimulusParameters(time_step_ms=0.1)
    assert spikeloc.SpikingNetwork(parameters, fitting).units.refractory_steps == 10


def test_names_of_runs_without_these_parameters_stay() -> None:
    plain = RunParameters()
    written = {"threshold_jump": 0.0, "refractory_ms": 0.0, "reset": "late"}
    same = RunParameters(network=NetworkParameters.model_validate(written))
    assert same.model_dump() == plain.model_dump()
    no_effect = RunParameters(network=NetworkParameters(threshold_tau_ms=7.0))
    assert no_effect.network_name([1]) == plain.network_name([1])
    assert no_effect.normalised() == plain
    names = {RunParameters(network=NetworkParameters.model_validate(each)).network_name([1])
             for each in NETWORKS.values()}  # fmt: skip
    assert len(names | {plain.network_name([1])}) == len(NETWORKS) + 1
    for each in (ADAPTS, {"refractory_ms": 3.0}, {"reset": "subtract"}):
        without = {"model": "membrane_only"}
        runs = [RunParameters.model_validate({"network": w}) for w in (without, without | each)]
        assert runs[0].normalised() == runs[1].normalised()
        assert runs[0].network_name([1]) == runs[1].network_name([1])

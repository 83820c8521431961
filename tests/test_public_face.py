"""What a user of torch does with the package: the examples of the README, and what is refused."""

import math
import pydoc
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from helpers import ensemble, small_run
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import parametrize
from torch.utils.data import DataLoader, Subset

import spikeloc
from spikeloc.native import use_native
from spikeloc.networks.signs import BY_METHOD, DANN

DALE = spikeloc.LayerParameters(signs="dale", inhibitory_fraction=0.5)
SMALL = spikeloc.StimulusParameters(fibres_per_ear=20, duration_ms=50)
FEW = spikeloc.NetworkParameters(hidden_units=8, w1=DALE, w2=DALE, logit_scale=0.1)


def small_network(seed: Any = 1, **parameters: Any) -> spikeloc.SpikingNetwork:
    return spikeloc.SpikingNetwork(FEW.model_copy(update=parameters), SMALL, seed)


@pytest.mark.parametrize("method", ["abs", "projected", "learned", "exponentiated"])
def test_a_plain_loop_gives_the_losses_of_train(method: str) -> None:
    layer = DALE.model_copy(update={"method": method})
    recipe = spikeloc.TrainingParameters(epochs=3, weights_kept="notebook", batch_size=32,
                                         validate_each_epoch=False)  # fmt: skip
    data = spikeloc.LocalisationDataset(SMALL, samples=128, seed=1)
    network = small_network(w1=layer, w2=layer)
    (progress,) = spikeloc.train(network, data, training=recipe)

    network, losses = small_network(w1=layer, w2=layer), []
    optimiser = torch.optim.Adam(spikeloc.signs.parameter_groups(network, 0.01))
    spikeloc.signs.keep_signs(optimiser, network)
    loader = DataLoader(data, batch_size=32, sampler=spikeloc.EpochSampler(data, seed=1))
    for _ in range(3):
        total = 0.0
        for spikes, target in loader:
            loss = cross_entropy(network(spikes).logits, target)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            total += loss.item() * len(target) / len(data)
        losses.append(total)

    assert losses == pytest.approx(progress.train_loss, rel=1e-4)
    assert losses[0] > 1.02 * losses[2]


@pytest.mark.parametrize("name", [*BY_METHOD, "dann_subtractive"])
def test_any_linear_layer_can_obey_dales_principle(name: str) -> None:
    torch.manual_seed(0)
    layer = nn.Linear(12, 5)
    model = nn.Sequential(layer, nn.Tanh(), nn.Linear(5, 1))
    before = layer.weight.detach().clone()
    sign = spikeloc.signs.dale_signs(12, 0.25)
    if name in BY_METHOD:
        constraint: spikeloc.signs.SignConstraint = BY_METHOD[name](sign)
    else:
        constraint = DANN[name](3, (5, 12))
    parametrize.register_parametrization(layer, "weight", constraint)
    start = layer.weight.detach().clone()
    if name in BY_METHOD:
        torch.testing.assert_close(start, before.abs() * sign, rtol=1e-5, atol=1e-7)
    else:
        torch.testing.assert_close(start, before)

    optimiser = torch.optim.Adam(spikeloc.signs.parameter_groups(model, 0.05))
    spikeloc.signs.keep_signs(optimiser, model)
    inputs = torch.randn(64, 12)
    losses = []
    for _ in range(40):
        loss = (model(inputs).squeeze() - inputs[:, 0] + inputs[:, 1]).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        with torch.no_grad():
            rows = layer.weight.T  # all weights of an input have one sign
            assert name in DANN or ((rows >= 0).all(1) | (rows <= 0).all(1)).all()
            assert name == "learned" or name in DANN or (layer.weight * sign >= 0).all()
    assert losses[-1] < 0.9 * losses[0] and not torch.equal(layer.weight, start)
    if name in DANN:
        ((_, raw),) = spikeloc.signs.constrained(model)
        assert all((each >= 0).all() for each in raw)


@pytest.mark.parametrize("noise_sd", [0.0, 0.5])
def test_a_lesion_silences_units_and_fibres(noise_sd: float) -> None:
    run = small_run(network={"noise_sd": noise_sd, "w1": {"signs": "dale"}})
    data = spikeloc.LocalisationDataset(run.stimulus, samples=32, seed=3, classes=4)
    whole = ensemble(run, [1, 2])
    for weight in whole.parameters():
        weight.data *= 3
    before = whole(data.spikes)
    made = [whole.lesion(hidden=each)(data.spikes) for each in (0, torch.tensor([0]))]
    assert torch.equal(made[0].logits, made[1].logits)
    cut = whole.lesion(hidden=[0, 4])
    after = cut(data.spikes)
    assert before.hidden_counts is not None and after.hidden_counts is not None
    assert (before.hidden_counts.sum(1) > 0).all()
    assert (after.hidden_counts[..., [0, 4]] == 0).all()
    others = [1, 2, 3, 5]
    assert torch.equal(after.hidden_counts[..., others], before.hidden_counts[..., others])
    assert not torch.equal(after.logits, before.logits)
    assert torch.equal(whole(data.spikes).logits, before.logits)  # it is a copy that was cut

    spikes = torch.from_numpy(data.spikes.unpack()).float()
    deaf = spikes.clone()
    deaf[:, :, [2, 13]] = 0
    if not noise_sd:  # the noise of a sample depends on its spikes
        expected = whole(deaf)
        torch.testing.assert_close(whole.lesion(inputs=[2, 13])(spikes).logits, expected.logits)
    for bad in ({"hidden": [6]}, {"hidden": [-1]}, {"inputs": [14]}):
        with pytest.raises(ValueError, match=f"{next(iter(bad))}: must be a whole number from 0"):
            whole.lesion(**bad)


def test_a_sample_alone_is_the_same_as_in_its_set() -> None:
    few, many = (spikeloc.LocalisationDataset(SMALL, samples, seed=5) for samples in (7, 20))
    for i in (0, 3, 6, -1):
        (spikes, target), j = few[i], i % 7
        assert torch.equal(spikes, many[j][0]) and target == many[j][1] == few.targets[j]
        assert spikes.shape == (50, 40) and ((spikes == 0) | (spikes == 1)).all()
        assert np.array_equal(spikes.numpy(), few.spikes.unpack()[j])
    regression = spikeloc.LocalisationDataset(SMALL, 7, seed=5, classes=None)
    assert regression[2][1].item() == pytest.approx(few.ipd_rad[2], rel=1e-6)
    with pytest.raises(IndexError, match="no sample 7"):
        few[7]


def test_seeds_may_be_an_array_and_a_network_says_what_it_is() -> None:
    network = small_network(np.arange(3))
    assert network.network_ids == [(0, 1), (1, 1), (2, 1)]
    assert "w1 (3, 40, 8), w2 (3, 8, 12), steps of 1 ms" in repr(network)
    phases = spikeloc.LocalisationDataset(SMALL, 5).phase_cycles
    assert phases.shape == (5,) and len(set(phases)) == 5


def test_a_single_network_is_one_of_an_ensemble() -> None:
    data = spikeloc.LocalisationDataset(SMALL, samples=64, seed=2)
    alone, both = small_network(2), small_network([1, 2])
    for network in (alone, both):
        spikeloc.train(network, data, data, spikeloc.TrainingParameters(epochs=2))
    spikes = data.spikes[:9]
    for record in (False, True):
        one, two = (network(spikes, record=record) for network in (alone, both))
        assert one.logits.shape == (9, 12) and two.logits.shape == (2, 9, 12)
        assert torch.equal(one.logits, two.logits[1])
    assert torch.equal(both.single(1).w1, alone.w1)
    made = [spikeloc.evaluate(network, data) for network in (alone, both)]
    assert made[0].loss[0] == made[1].loss[1]


def test_it_is_a_module_like_any_other(tmp_path: Path) -> None:
    network, other = small_network(1), small_network(1)
    data = spikeloc.LocalisationDataset(SMALL, samples=32)
    assert isinstance(network.eval(), nn.Module) and network.to("cpu") is network
    names = {name for name, _ in network.named_parameters()}
    assert names == {"parametrizations.w1.original", "parametrizations.w2.original"}
    spikeloc.train(network, data, data, spikeloc.TrainingParameters(epochs=1))
    torch.save(network.state_dict(), tmp_path / "made.pt")
    other.load_state_dict(torch.load(tmp_path / "made.pt", weights_only=True))
    assert torch.equal(other(data.spikes).logits, network(data.spikes).logits)


def test_packed_and_plain_spikes_are_the_same() -> None:
    data = spikeloc.LocalisationDataset(SMALL, samples=16)
    both = small_network([1, 2])
    plain = torch.stack([data[i][0] for i in range(16)])
    expected = both(data.spikes)
    for spikes in (plain, plain.bool(), plain.numpy(), plain.expand(2, *plain.shape)):
        assert torch.equal(both(spikes).logits, expected.logits)
    own = torch.stack([plain, plain.flip(0)])
    assert torch.equal(both(own).logits[1], expected.logits[1].flip(0))


def test_given_weights_stay_as_they_were() -> None:
    data = spikeloc.LocalisationDataset(SMALL, samples=32)
    given = small_network(1).signed_weights()
    before = {name: each.clone() for name, each in given.items()}
    network = spikeloc.SpikingNetwork(FEW, SMALL, 1, weights=given)
    spikeloc.train(network, data, data, spikeloc.TrainingParameters(epochs=1))
    assert all(torch.equal(given[name], each) for name, each in before.items())
    assert not torch.equal(network.w1, before["w1"])


def test_inputs_have_a_gradient_in_the_reference() -> None:
    data = spikeloc.LocalisationDataset(SMALL, samples=4)
    network = small_network(1)
    spikes = torch.stack([data[i][0] for i in range(4)]).requires_grad_()
    with torch.no_grad():
        network.raw_parameters("w1")[0].mul_(4)
    network(spikes).logits.square().sum().backward()
    assert spikes.grad is not None and spikes.grad.abs().sum() > 0


def test_chosen_ipds_and_starting_phases_replace_those_that_are_drawn() -> None:
    drawn = spikeloc.LocalisationDataset(SMALL, samples=6, seed=5)
    chosen = spikeloc.LocalisationDataset(
        SMALL, 6, 5, ipd_rad=drawn.ipd_rad, phase_cycles=list(drawn.phase_cycles)
    )
    assert (chosen.spikes.bits == drawn.spikes.bits).all()

    ahead = spikeloc.LocalisationDataset(SMALL, samples=6, seed=5, ipd_rad=-1.5)
    assert (ahead.ipd_rad == -1.5).all() and (ahead.targets == 0).all()
    assert (ahead.phase_cycles == drawn.phase_cycles).all()
    with pytest.raises(ValueError, match="fresh stimuli"):
        spikeloc.train(small_network(), ahead, ahead,
                       spikeloc.TrainingParameters(fresh_stimuli=True, epochs=2))  # fmt: skip


def test_the_ideal_observer_knows_the_stimulus_of_its_data() -> None:
    stimulus = spikeloc.StimulusParameters(frequency_hz=40)
    data = spikeloc.LocalisationDataset(stimulus, samples=200, seed=3)
    right = {
        known: (spikeloc.ideal_observer(data, known).estimated == data.targets.numpy()).mean()
        for known in (False, True)
    }
    assert 0.8 < right[False] <= right[True]
    regression = spikeloc.LocalisationDataset(stimulus, samples=4, classes=None)
    with pytest.raises(ValueError, match="data: the observer answers in classes"):
        spikeloc.ideal_observer(regression)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: spikeloc.LocalisationDataset(SMALL, 4, ipd_rad=[0, 1]), "ipd_rad: .* of shape"),
        (lambda: spikeloc.LocalisationDataset(SMALL, 4, ipd_rad=90), "ipd_rad: .* not 90"),
        (lambda: spikeloc.LocalisationDataset(SMALL, 4, phase_cycles=math.nan), "phase_cycles: "),
        (lambda: spikeloc.LocalisationDataset(SMALL, samples=0), "samples: .* not 0"),
        (lambda: spikeloc.LocalisationDataset(SMALL, samples=2.5), "samples: .* not 2.5"),  # type: ignore[arg-type]
        (lambda: spikeloc.LocalisationDataset(SMALL, seed=2**64), "seed: .* not 1844674407370955"),
        (lambda: spikeloc.LocalisationDataset(SMALL, seed=-1), "seed: .* not -1"),
        (lambda: spikeloc.LocalisationDataset(SMALL, classes=1), "classes: .* not 1"),
        (
            lambda: spikeloc.LocalisationDataset(SMALL.model_copy(update={"rate_max_hz": 2000.0})),
            "rate_max_hz times time_step_ms is 2 spikes in a bin",
        ),
        (lambda: small_network(2**64), "seed: "),
        (lambda: small_network([]), "seed: must be at least one"),
        (lambda: spikeloc.SpikingNetwork(backend="cuda"), "backend: .* not 'cuda'"),  # type: ignore[arg-type]
        (lambda: spikeloc.LocalisationDataset(SMALL, backend="gpu"), "backend: .* not 'gpu'"),  # type: ignore[arg-type]
        (lambda: spikeloc.SpikingNetwork(weights=small_network().state_dict()), "there is no w1"),
        (
            lambda: spikeloc.evaluate(
                small_network(), spikeloc.LocalisationDataset(SMALL, 4, classes=6)
            ),
            "data: 6 classes, but the network has 12",
        ),
        (
            lambda: spikeloc.evaluate(
                small_network(), spikeloc.LocalisationDataset(SMALL, 4, classes=None)
            ),
            "data: its targets are IPDs",
        ),
        (lambda: spikeloc.signs.dale_signs(-3), "units: .* not -3"),
        (lambda: spikeloc.signs.dale_signs(3, seed=-1), "seed: .* not -1"),
        (lambda: spikeloc.EnsembleAdam(small_network().parameters(), lr=-1), "lr: .* not -1"),
        (lambda: spikeloc.EpochSampler(spikeloc.LocalisationDataset(SMALL, 4), seed=-1), "seed: "),
        (lambda: small_network(hidden_units=0), "hidden_units: .* not 0"),
        (lambda: small_network(model="membrane_only"), "MembraneOnlyNetwork"),
        (lambda: spikeloc.MembraneOnlyNetwork(FEW), "SpikingNetwork"),
        (lambda: small_network()(torch.zeros(2, 50, 39)), "39 fibres.* 40 inputs"),
        (lambda: small_network()(torch.full((2, 50, 40), 600.0)), "spikes: must be 0 or 1"),
        (lambda: small_network()(torch.zeros(50, 40)), r"spikes: must be \(samples"),
        (lambda: small_network([1, 2])(torch.zeros(3, 2, 50, 40)), "of 3 networks"),
        (
            lambda: small_network()(
                spikeloc.LocalisationDataset(
                    SMALL.model_copy(update={"time_step_ms": 0.5}), 4
                ).spikes
            ),
            "steps of 0.5 ms, but the network's are of 1 ms",
        ),
        (
            lambda: spikeloc.train(
                small_network(),
                spikeloc.LocalisationDataset(SMALL.model_copy(update={"time_step_ms": 0.5}), 4),
                training=spikeloc.TrainingParameters(
                    validate_each_epoch=False, weights_kept="notebook"
                ),
            ),
            "steps of 0.5 ms",
        ),
        (
            lambda: spikeloc.train(small_network(), spikeloc.LocalisationDataset(SMALL, 4)),
            "validation_data: needed",
        ),
        (
            lambda: spikeloc.evaluate(
                small_network([1, 2]), [spikeloc.LocalisationDataset(SMALL, 4)]
            ),
            "1 data sets for 2 networks",
        ),
        (
            lambda: spikeloc.evaluate(
                small_network([1, 2]),
                [spikeloc.LocalisationDataset(SMALL, samples) for samples in (4, 5)],
            ),
            "as many samples",
        ),
        (
            lambda: spikeloc.SpikingNetwork(FEW, SMALL, 1, weights={"w1": torch.zeros(39, 8)}),
            r"w1 must be \(40, units\), not \(39, 8\)",
        ),
        (
            lambda: spikeloc.SpikingNetwork(
                FEW, SMALL, 1, weights={"w1": torch.zeros(40, 8), "w2": torch.zeros(9, 12)}
            ),
            r"w2 must be \(8, units\)",
        ),
        (
            lambda: spikeloc.MembraneOnlyNetwork(
                None, SMALL, [1], weights={"w1": torch.zeros(3, 40, 12)}
            ),
            r"w1 must be \(1, 40, units\), not \(3, 40, 12\)",
        ),
        (lambda: spikeloc.SpikingNetwork(FEW, SMALL, 1, weights={}), "weights: there is no w1"),
        (lambda: spikeloc.signs.dale_signs(10, 1.5), "inhibitory_fraction"),
        (lambda: spikeloc.signs.Absolute(torch.tensor([1.0, 0.5])), "sign: must be"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_networks_without_a_hidden_layer_have_no_units_to_cut() -> None:
    network = spikeloc.MembraneOnlyNetwork(stimulus=SMALL)
    data = spikeloc.LocalisationDataset(SMALL, samples=8)
    with pytest.raises(ValueError, match="hidden"):
        network.lesion(hidden=[0])
    cut = network.lesion(inputs=range(40))
    assert (cut(data.spikes).logits == 0).all() and (network(data.spikes).logits != 0).any()


def test_help_is_a_page_that_one_can_start_from() -> None:
    text = pydoc.render_doc(spikeloc, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    assert all(name in text for name in spikeloc.__all__)
    for name in spikeloc.__all__:
        assert getattr(spikeloc, name).__doc__, name


def test_the_example_of_the_help_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spikeloc.__doc__ is not None
    lines = [each[4:] for each in spikeloc.__doc__.splitlines() if each.startswith("    ")]
    code = "\n".join(lines[: next(i for i, each in enumerate(lines) if "logits" in each) + 1])
    few = spikeloc.TrainingParameters(epochs=1)
    train = spikeloc.train

    def briefly(network: Any, data: Any, validation: Any, report: Any) -> Any:
        return train(network, data, validation, few, report)

    monkeypatch.setattr(spikeloc, "train", briefly, raising=False)
    made: dict[str, Any] = {}
    exec(code, made)  # noqa: S102
    assert made["logits"].shape == (64, 12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda make, _: make.SpikingNetwork(SMALL), "parameters: .* not StimulusParameters"),
        (lambda make, _: make.SpikingNetwork(FEW, FEW), "stimulus: .* not NetworkParameters"),
        (lambda make, data: make.train(small_network(), data, data, {"epochs": 1}), "training: "),
        (lambda make, _: make.LocalisationDataset(40, 64), "stimulus: .* not int"),
        (lambda make, _: make.LocalisationDataset(SMALL, 4, purpose=3), "purpose: .* not int"),
        (lambda make, data: make.evaluate(small_network(), Subset(data, [1])), "data: .* Subset"),
        (lambda make, data: make.evaluate(small_network(), data.spikes), "data: .* SpikeTrains"),
        (lambda make, data: make.evaluate(data, data), "network: .* not LocalisationDataset"),
        (lambda _, data: small_network()(data), "spikes: .* not LocalisationDataset"),
    ],
)
def test_another_kind_of_argument_is_refused_by_name(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(spikeloc, spikeloc.LocalisationDataset(SMALL, samples=4))


def test_units_are_silenced_by_number_or_mask() -> None:
    network = small_network()
    expected = network.lesion(hidden=[1, 2]).w1
    for chosen in (np.array([1, 2]), torch.tensor([1, 2]), np.isin(np.arange(8), [1, 2])):
        assert torch.equal(network.lesion(hidden=chosen).w1, expected)
    assert torch.equal(network.lesion(hidden=np.int64(1)).w1, network.lesion(hidden=1).w1)  # type: ignore[arg-type]


def test_an_ensemble_checks_its_axes_before_it_trains() -> None:
    data = spikeloc.LocalisationDataset(SMALL, samples=8)
    free = spikeloc.NetworkParameters(hidden_units=8)
    network = spikeloc.SpikingNetwork(free, SMALL, seed=[1, 2])
    signs = spikeloc.signs.dale_signs(40)[:, None]
    parametrize.register_parametrization(network, "w1", BY_METHOD["abs"](signs))
    epochs: list[str] = []
    with pytest.raises(ValueError, match=r"w1.0.sign: must have the 2 networks .* \(40, 1\)"):
        spikeloc.train(network, data, data, report=epochs.append)
    assert not epochs


class Soft(spikeloc.signs.SignConstraint):
    """Two raw parameters, of which only one says how it is trained."""

    def forward(self, raw: torch.Tensor, side: torch.Tensor) -> torch.Tensor:
        return raw.abs() * torch.tanh(side)

    def right_inverse(self, weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return weight.abs(), weight.sign() / 2

    def steps(self) -> tuple[spikeloc.signs.Step, ...]:
        return (spikeloc.signs.Step(scale=0.5),)


def test_raw_parameters_without_a_step_take_the_usual_one() -> None:
    layer = nn.Linear(6, 4)
    parametrize.register_parametrization(layer, "weight", Soft())
    ((_, (raw, side)),) = spikeloc.signs.constrained(layer)
    groups = spikeloc.signs.parameter_groups(layer, 0.1)
    of = {id(each): group["lr"] for group in groups for each in group["params"]}
    assert (of[id(raw)], of[id(side)], of[id(layer.bias)]) == (0.05, 0.1, 0.1)


def test_only_the_reference_computes_in_double_precision() -> None:
    data = spikeloc.LocalisationDataset(SMALL, samples=4)
    reference = spikeloc.SpikingNetwork(FEW, SMALL, seed=1, backend="reference").double()
    assert reference(data.spikes).logits.dtype == torch.float64
    if use_native("auto"):
        with pytest.raises(ValueError, match=r"network: the native core .* not float64"):
            small_network().double()(data.spikes)


def test_training_takes_one_thread_and_gives_the_others_back() -> None:
    before = torch.get_num_threads()
    seen = []
    torch.set_num_threads(2)
    try:
        data = spikeloc.LocalisationDataset(SMALL, samples=8)
        spikeloc.train(small_network(), data, data, spikeloc.TrainingParameters(epochs=1),
                       lambda _: seen.append(torch.get_num_threads()))  # fmt: skip
        assert (seen, torch.get_num_threads()) == ([1], 2)
    finally:
        torch.set_num_threads(before)


def test_a_run_is_a_sequence_of_its_networks(tmp_path: Path) -> None:
    run = small_run()
    network = ensemble(run, [3, 5])
    loaded = spikeloc.LoadedRun(run, network)
    assert len(loaded) == 2
    assert [each.network_ids[0].seed for each in loaded] == [3, 5]
    assert torch.equal(next(iter(loaded)).w1, loaded[3].w1)
    with pytest.raises(ValueError, match="no-such-folder: no such folder"):
        spikeloc.load_run(tmp_path / "no-such-folder")


# Slow to import, or not installed with the package alone.
KEPT_OUT = {"pandas", "scipy", "torch._dynamo", "sympy", "matplotlib", "seaborn", "snakemake"}
KEPT_OUT |= {"rocrate", "typst"}


def test_the_public_face_imports_torch_and_little_else() -> None:
    code = """
import sys, spikeloc
for name in spikeloc.__all__:
    getattr(spikeloc, name)
data = spikeloc.LocalisationDataset(samples=4)
spikeloc.train(spikeloc.SpikingNetwork(), data, data, spikeloc.TrainingParameters(epochs=1))
print(*sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(run.stdout.split())
    assert "torch" in imported
    assert not imported & KEPT_OUT

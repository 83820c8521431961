"""Fresh stimuli in each epoch, a falling learning rate, other initial magnitudes, their names."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from helpers import CPU, ensemble, ensemble_data, small_run, train_ensemble
from pydantic import ValidationError

from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import RunParameters
from spikeloc.io.randomness import uniform
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.signs import parameter_groups
from spikeloc.stimulus.generator import make_data_set
from spikeloc.training import duration as estimate
from spikeloc.training import train as training
from spikeloc.training.duration import Costs, training_seconds
from spikeloc.training.optimiser import EnsembleAdam

FRESH = {"fresh_stimuli": True, "epochs": 4, "weights_kept": "best"}


def shown(run: RunParameters, monkeypatch: pytest.MonkeyPatch) -> tuple[list[bytes], list[float]]:
    """The bits that the first network is trained on and the learning rate, epoch by epoch."""
    seen: list[bytes] = []
    rates: list[float] = []
    train_epoch = training.train_epoch

    def watched(network: Any, optimiser: EnsembleAdam, data: EnsembleData, *rest: Any
                ) -> list[float]:  # fmt: skip
        seen.append(data.spikes.bits[data.spikes.row[0]].numpy().tobytes())
        rates.append(optimiser.param_groups[0]["lr"])
        return train_epoch(network, optimiser, data, *rest)

    monkeypatch.setattr(training, "train_epoch", watched)
    train_ensemble(run, [3, 1])
    return seen, rates


def test_every_epoch_has_other_stimuli(monkeypatch: pytest.MonkeyPatch) -> None:
    run = small_run(training=FRESH)
    seen, _ = shown(run, monkeypatch)
    names = ["training", *(f"training/epoch-{epoch}" for epoch in (1, 2, 3))]
    expected = [make_data_set(run.stimulus, 3, name, 48).spikes.bits.tobytes() for name in names]
    assert seen == expected and len(set(seen)) == 4


@pytest.mark.parametrize("phase", ["per_sample", "per_dataset"])
def test_phases_alone_are_renewed(phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = small_run({"phase": phase}, training=FRESH | {"fresh_stimuli": "phases"})
    seen, _ = shown(run, monkeypatch)
    first = make_data_set(run.stimulus, 3, "training", 48)
    expected = [first.spikes.bits.tobytes()]
    for epoch in (1, 2, 3):
        # a plain loop over samples, which have the first one's phase if they share it
        phases = uniform(3, f"training/epoch-{epoch}/phase", 48)
        bits = b""
        for i, ipd in enumerate(first.trials.ipd_rad):
            own = phases[0 if phase == "per_dataset" else i]
            bits += make_data_set(
                run.stimulus, 3, "training", 1, i, ipd_rad=ipd, phase_cycles=own
            ).spikes.bits.tobytes()
        expected.append(bits)
    assert seen == expected and len(set(seen)) == 4


def test_without_it_all_epochs_have_the_same_stimuli(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, _ = shown(small_run(training={"epochs": 4}), monkeypatch)
    assert len(set(seen)) == 1


def test_networks_share_fresh_stimuli_as_they_share_training_data() -> None:
    network_ids = [NetworkId(3), NetworkId(3, 2), NetworkId(1)]

    def in_epoch_5(run: RunParameters) -> EnsembleData:
        names = [(seed, run.nesting.data_set("training", network)) for seed, network in network_ids]
        sets = [make_data_set(run.stimulus, *name, 48) for name in names]
        return EnsembleData.from_data_sets(sets, 4, CPU).fresh(5)

    spikes = in_epoch_5(small_run(nesting={"networks": 2, "shared": ["training"]})).spikes
    assert len(spikes.bits) == 2 * 48 and torch.equal(spikes.row[0], spikes.row[1])
    own = in_epoch_5(small_run())
    expected = make_data_set(small_run().stimulus, 3, "training/2/epoch-5", 48)
    assert np.array_equal(own.spikes.bits[own.spikes.row[1]].numpy(), expected.spikes.bits)
    assert np.array_equal(own.ipd_rad[1].numpy(), expected.trials.ipd_rad)


@pytest.mark.parametrize("fresh", [True, "phases"])
def test_an_ensemble_on_fresh_stimuli_trains_bitwise_as_its_networks(fresh: Any) -> None:
    # at this rate some networks stop before others
    changes: dict[str, Any] = {"learning_rate": 0.3, "epochs": 10, "patience_epochs": 2}
    changes |= {"learning_rate_decay": "cosine", "fresh_stimuli": fresh}
    run = small_run(training=FRESH | changes)
    together = train_ensemble(run, [3, 1, 2])
    for n, seed in enumerate((3, 1, 2)):
        alone = train_ensemble(run, [seed])
        assert alone.progress[0] == together.progress[n]
        for name, layer in alone.weights.items():
            assert torch.equal(layer[0], together.weights[name][n])


def test_fresh_stimuli_are_counted_in_the_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "measure_costs", lambda *_: Costs(1.0, 0.0, 0.0))
    monkeypatch.setattr(estimate, "START_SECONDS", 0.0)
    run = small_run(training=FRESH)  # 48 + 32 + 32 samples, then three times 48
    plan = EnsemblePlan(run, (1, 2))
    assert training_seconds([[plan]], "cpu", "auto") == 2 * (112 + 3 * 48)


@pytest.mark.parametrize(
    ("decay", "expected"),
    [
        ("none", [1, 1, 1, 1]),
        ("cosine", [1, (1 + math.sqrt(0.5)) / 2, 0.5, (1 - math.sqrt(0.5)) / 2]),
        ("exponential", [1, 0.01**0.25, 0.1, 0.01**0.75]),
    ],
)
def test_learning_rate_falls(
    decay: str, expected: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = {"epochs": 4, "learning_rate": 0.02, "learning_rate_decay": decay}
    _, rates = shown(small_run(training=recipe), monkeypatch)
    assert rates == pytest.approx([0.02 * factor for factor in expected])


def test_steps_follow_the_learning_rate() -> None:
    # Adam's first step is the learning rate, whatever the gradient
    for rate in (0.01, 0.0025):
        network = ensemble(small_run(), [1])
        before = network.signed_weights()["w1"]
        optimiser = EnsembleAdam(parameter_groups(network, 0.01))
        optimiser.param_groups[0]["lr"] = rate  # as schedulers do
        for each in network.parameters():
            each.grad = torch.ones_like(each)
        optimiser.step()
        made = before - network.signed_weights()["w1"]
        assert made.numpy() == pytest.approx(rate, rel=1e-4)


@pytest.mark.parametrize("decay", ["cosine", "exponential"])
def test_decay_changes_later_epochs_only(decay: str) -> None:
    constant = train_ensemble(small_run(), [1])
    falling = train_ensemble(small_run(training={"learning_rate_decay": decay}), [1])
    assert constant.progress[0].train_loss[0] == falling.progress[0].train_loss[0]
    assert constant.progress[0].val_loss[0] == falling.progress[0].val_loss[0]
    assert constant.progress[0].val_loss[1] != falling.progress[0].val_loss[1]


def test_initial_scale_multiplies_the_magnitudes() -> None:
    standard = ensemble(small_run(), [1])
    layers = {"w1": {"initial_scale": 0.5}, "w2": {"signs": "dale", "initial_scale": 4.0}}
    scaled = ensemble(small_run(network=layers), [1])
    for name, factor in (("w1", 0.5), ("w2", 4)):
        (own,), (plain,) = scaled.raw_parameters(name), standard.raw_parameters(name)
        assert torch.equal(own, factor * plain)
    with pytest.raises(ValidationError, match="has its own initialisation"):
        small_run(network={"w1": {"signs": "dale", "method": "dann", "initial_scale": 2.0}})


@pytest.mark.parametrize(
    "changes",
    [
        {"network": {"readout": "angle"}},
        {"network": {"surrogate": "triangular"}},
        {"network": {"noise_sd": 0.1}},
        {"network": {"w1": {"initial_scale": 2.0}}},
        {"training": {"fresh_stimuli": True}},
        {"training": {"fresh_stimuli": "phases"}},
        {"training": {"learning_rate_decay": "cosine"}},
    ],
)
def test_new_settings_name_a_network_only_where_they_are_used(changes: Any) -> None:
    plain = RunParameters()
    defaults = {
        "network": {
            "readout": "classes", "surrogate": "sigmoid", "noise_sd": 0.0,
            "w1": {"initial_scale": 1.0},
        },
        "training": {"fresh_stimuli": False, "learning_rate_decay": "none"},
    }  # fmt: skip
    assert RunParameters.model_validate(defaults).network_name([1]) == plain.network_name([1])
    changed = RunParameters.model_validate(changes)
    assert changed.network_name([1]) != plain.network_name([1])
    assert RunParameters.model_validate(changed.model_dump()) == changed
    assert changed.stimulus_name() == plain.stimulus_name()


def test_what_has_no_hidden_units_is_the_same_whatever_their_surrogate() -> None:
    network = {"model": "membrane_only"}
    plain = RunParameters.model_validate({"network": network})
    changed = network | {"surrogate": "triangular", "noise_sd": 0.3}
    same = RunParameters.model_validate({"network": changed}).normalised()
    assert same == plain.normalised() and same.network_name([1]) == plain.network_name([1])


def test_data_of_the_first_epoch_is_the_recorded_one() -> None:
    run = small_run(training=FRESH | {"epochs": 1})
    same = small_run(training={"epochs": 1})
    assert train_ensemble(run, [1]).progress == train_ensemble(same, [1]).progress
    assert ensemble_data(run, [1]).samples == 48

"""The penalty on hidden firing rates outside a band. Its gradient is checked in
``test_train_plain.py`` and in ``tests/native/test_native.py``."""

from typing import Any

import pytest
import torch
from configs import a_sweep, by_path, runs_of
from helpers import ensemble, ensemble_data, small_run, train_ensemble

import spikeloc
from spikeloc.config.loading import check_config
from spikeloc.config.parameters import RatePenaltyParameters, RunParameters
from spikeloc.io.errors import InputError
from spikeloc.training.rate_penalty import rate_penalty

BAND = {"min_hz": 100.0, "max_hz": 200.0}


def test_the_penalty_by_hand() -> None:
    # two networks, two samples of 0.1 s, three units: mean rates of 20, 150 and 400, and of 100,
    # 200 and 210 spikes/s, so that 80, 0 and 200 or 0, 0 and 10 are outside the band
    counts = torch.tensor([[[1.0, 10, 30], [3, 20, 50]], [[10, 20, 21], [10, 20, 21]]])
    made = rate_penalty(counts, 0.1, RatePenaltyParameters(**BAND, weight=0.001))
    assert made.tolist() == pytest.approx([0.001 * (6400 + 40000) / 3, 0.001 * 100 / 3])


@pytest.mark.parametrize(("low", "high"), [(130.0, 150.0), (0.0, 30.0)])
def test_training_moves_rates_into_the_band(low: float, high: float) -> None:
    penalty = {"min_hz": low, "max_hz": high, "weight": 0.01}
    run = small_run(training={"epochs": 12, "weights_kept": "last", "rate_penalty": penalty})
    seconds = run.stimulus.duration_ms / 1000

    def outside(network: spikeloc.SpikingNetwork) -> float:
        with torch.no_grad():
            counts = network(ensemble_data(run, [1, 2]).spikes).hidden_counts
        assert counts is not None
        rates = counts.mean(1) / seconds
        return float((rates - rates.clamp(low, high)).abs().mean())

    start, trained = ensemble(run, [1, 2]), train_ensemble(run, [1, 2])
    before, after = (outside(each) for each in (start, trained.network))  # type: ignore[arg-type]
    assert after < before / 2


@pytest.mark.parametrize("w1", [{}, {"signs": "dale", "method": "dann"}])
def test_an_ensemble_trains_bitwise_as_its_networks(w1: dict[str, Any]) -> None:
    training = {"rate_penalty": BAND, "learning_rate": 0.3, "epochs": 8, "patience_epochs": 2}
    run = small_run(network={"w1": w1}, training=training)
    together = train_ensemble(run, [1, 2, 3])
    for n, seed in enumerate([1, 2, 3]):
        alone = train_ensemble(run, [seed])
        assert alone.progress[0] == together.progress[n]
        for name, layer in alone.weights.items():
            assert torch.equal(layer[0], together.weights[name][n])


def test_losses_are_told_without_the_penalty() -> None:
    run = small_run(training={"epochs": 1, "batch_size": 48})
    penalised = run.training.model_copy(update={"rate_penalty": RatePenaltyParameters(**BAND)})
    plain, pulled = (
        train_ensemble(each, [1]) for each in (run, run.model_copy(update={"training": penalised}))
    )
    assert plain.progress[0].train_loss == pulled.progress[0].train_loss
    assert not torch.equal(plain.weights["w1"], pulled.weights["w1"])


def test_rates_inside_the_band_are_trained_as_without_it() -> None:
    wide = small_run(training={"rate_penalty": {"min_hz": 0.0, "max_hz": 1000.0}})
    plain, banded = train_ensemble(small_run(), [1]), train_ensemble(wide, [1])
    for name, layer in plain.weights.items():
        assert torch.equal(layer, banded.weights[name])


def test_a_config_sets_bands_and_weights() -> None:
    content = a_sweep(vary="training.rate_penalty.weight", values=[0, 0.001])
    content["training"]["rate_penalty"] = BAND
    runs = by_path(runs_of(content))
    none, some = (runs[f"extra/rate_penalty.weight-{w}/corrected"].parameters for w in (0, 0.001))
    assert none.training.rate_penalty is None  # and so it has the name that it had without
    assert some.training.rate_penalty == RatePenaltyParameters(**BAND, weight=0.001)
    assert none.network_name([1]) != some.network_name([1])
    off: dict[str, Any] = {"name": "off", "label": "off", "training": {"rate_penalty": None}}
    conditions = [off, {"name": "on", "label": "on", "training": {"rate_penalty": {"max_hz": 300}}}]
    content = a_sweep(vary=None, values=None, conditions=conditions)
    content["training"]["rate_penalty"] = BAND
    runs = by_path(runs_of(content))
    assert runs["extra/off/corrected"].parameters.training.rate_penalty is None
    changed = runs["extra/on/corrected"].parameters.training.rate_penalty
    assert changed == RatePenaltyParameters(min_hz=100, max_hz=300)
    assert "rate_penalty" not in RunParameters().model_dump()["training"]


@pytest.mark.parametrize(
    ("penalty", "message"),
    [
        (BAND | {"min_hz": 201.0}, "training.rate_penalty: min_hz: 201 is above max_hz, 200"),
        (BAND | {"weight": -1.0}, "training.rate_penalty.weight: .*, not -1"),
        ({"min_hz": 100.0}, "training.rate_penalty.max_hz: .*required"),
        (BAND | {"min_khz": 1.0}, "training.rate_penalty.min_khz: .*min_hz"),
    ],
)
def test_impossible_bands_are_refused_by_name(penalty: dict[str, Any], message: str) -> None:
    content = a_sweep(vary="network.tau_ms", values=[2])
    content["training"]["rate_penalty"] = penalty
    with pytest.raises(InputError, match=message):
        check_config(content)


def test_a_network_without_hidden_units_is_refused() -> None:
    run = small_run(network={"model": "membrane_only"}, training={"rate_penalty": BAND})
    data = ensemble_data(run, [1])
    with pytest.raises(ValueError, match="training: rate_penalty needs a network with hidden"):
        spikeloc.train(ensemble(run, [1]), data, data, run.training)
    assert run.normalised().training.rate_penalty is None  # in a config it has no effect there

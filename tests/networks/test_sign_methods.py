"""Every way of keeping signs: no wrong sign ever, the update by hand, the start, save and load."""

import math
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from helpers import (
    BACKENDS,
    data_sets,
    ensemble,
    ensemble_data,
    small_run,
    start_weights,
    train_ensemble,
)
from torch import Tensor, nn
from torch.nn.utils.parametrize import register_parametrization
from torch.optim import Optimizer

from spikeloc import load_run
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import LayerParameters, RunParameters, SignMethod
from spikeloc.io.files import RUN_FILES
from spikeloc.io.weight_files import read_weights
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.network import LocalisationNetwork
from spikeloc.networks.signs import (
    BY_METHOD,
    DANN,
    SignConstraint,
    keep_signs,
    make_constraint,
    parameter_groups,
)
from spikeloc.networks.signs.layout import ensemble_signs
from spikeloc.training.optimiser import EnsembleAdam
from spikeloc.training.results import save_run

SEEDS = [1, 2, 3]
RESTLESS = {"learning_rate": 0.3, "epochs": 5, "patience_epochs": 2}
FIXED = [name for name in BY_METHOD if name != "learned"]
EVERYWHERE = ["learned", "dann_subtractive", *FIXED]


def layer(method: str, **changes: Any) -> dict[str, Any]:
    return {"signs": "dale", "method": method} | changes


NETWORKS: dict[str, dict[str, Any]] = {
    "free": {},
    **{method: {"w1": layer(method), "w2": layer(method)} for method in EVERYWHERE},
    "dann": {"w1": layer("dann"), "w2": layer("dann_subtractive")},
    "one interneuron": {"w1": layer("dann", inhibitory_fraction=0.1), "w2": {"signs": "positive"}},
    "positive": {"w1": {"signs": "positive", "method": "relu"}, "w2": layer("softplus")},
    "per synapse": {
        name: {"signs": "per_synapse", "inhibitory_fraction": 0.1, "method": method}
        for name, method in (("w1", "abs"), ("w2", "exponentiated"))
    },
    "balanced": {name: layer("abs", initialisation="balanced") for name in ("w1", "w2")},
    "column_ei": {name: layer("projected", initialisation="column_ei") for name in ("w1", "w2")},
}


def run_of(name: str, **training: Any) -> RunParameters:
    return small_run(network=NETWORKS[name], training=training)


def every_step(run: RunParameters, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Tensor]]:
    """The weights of an ensemble after each step of a training."""
    seen: list[dict[str, Tensor]] = []

    def watched(optimiser: Optimizer, network: LocalisationNetwork) -> None:
        keep_signs(optimiser, network)
        optimiser.register_step_post_hook(lambda *_: seen.append(network.signed_weights()))

    monkeypatch.setattr("spikeloc.training.train.keep_signs", watched)
    train_ensemble(run, SEEDS)
    return seen


def test_every_method_of_the_config_is_one_class() -> None:
    assert {*BY_METHOD, *DANN} == set(get_args(SignMethod))


@pytest.mark.parametrize("name", [*FIXED, "positive", "per synapse", "balanced", "column_ei"])
def test_no_weight_ever_has_the_wrong_sign(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(name, learning_rate=0.2)
    steps = every_step(run, monkeypatch)
    assert len(steps) == 3 * 3
    network_ids = [NetworkId(seed) for seed in SEEDS]
    for kind, settings in (("w1", run.network.w1), ("w2", run.network.w2)):
        shape = (14, 6) if kind == "w1" else (6, 4)
        sign = ensemble_signs(settings, kind, shape, network_ids)
        assert all((weights[kind] * sign >= 0).all() for weights in steps)
        assert not torch.equal(steps[0][kind], steps[-1][kind])


def test_learned_signs_are_one_per_unit_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = []
    for weights in every_step(run_of("learned", learning_rate=0.2), monkeypatch):
        for each in (weights["w1"], weights["w2"]):
            assert ((each >= 0).all(2) | (each <= 0).all(2)).all()
        signs.append(weights["w1"].sum(2).sign())
    assert not torch.equal(signs[0], signs[-1])  # some have learned another one


@pytest.mark.parametrize("name", ["dann", "dann_subtractive", "one interneuron"])
def test_no_matrix_of_interneurons_is_ever_negative(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = every_step(run_of(name, learning_rate=0.2), monkeypatch)
    kinds = {"ex", "ix", "ei"} | ({"gain"} if name == "dann" else set())
    for weights in steps:
        parts = {key: part for key, part in weights.items() if key.split("_")[-1] in kinds}
        assert len(parts) >= len(kinds)
        assert all((part >= 0).all() for part in parts.values())
        product = weights["w1_ex"] - weights["w1_ix"] @ weights["w1_ei"]
        torch.testing.assert_close(weights["w1"], product)
    assert (steps[-1]["w1_ex"] == 0).any()  # something was clamped
    if name == "dann":
        assert (steps[-1]["w1_bias"] < 0).any() and (steps[-1]["w1_alpha"] < 0).all()


@pytest.mark.parametrize("name", ["learned", *FIXED, "per synapse"])
def test_all_start_from_the_same_magnitudes(name: str) -> None:
    network_ids = [NetworkId(seed) for seed in SEEDS]
    run = run_of(name)
    made = ensemble(run, SEEDS).signed_weights()
    for kind, drawn in start_weights(run, SEEDS).items():
        settings = {"w1": run.network.w1, "w2": run.network.w2}[kind]
        sign = ensemble_signs(settings, kind, (drawn.shape[1], drawn.shape[2]), network_ids)
        torch.testing.assert_close(made[kind], drawn.abs() * sign, rtol=2e-6, atol=0)


@pytest.mark.parametrize("name", NETWORKS)
def test_an_ensemble_trains_bitwise_as_its_networks(name: str) -> None:
    run = run_of(name, **RESTLESS)
    together, other_order = train_ensemble(run, SEEDS), train_ensemble(run, [3, 1])
    for n, seed in enumerate(SEEDS):
        alone = train_ensemble(run, [seed])
        assert alone.progress[0] == together.progress[n]
        for kind, weight in together.weights.items():
            assert torch.equal(alone.weights[kind][0], weight[n])
    for kind, weight in other_order.weights.items():
        assert torch.equal(weight, together.weights[kind][[2, 0]])


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_have_the_same_gradients_on_the_native_core(name: str) -> None:
    run = run_of(name)
    batch = next(ensemble_data(run, SEEDS).batches(16))
    made = []
    for backend in BACKENDS:
        network = ensemble(run, SEEDS, backend)
        loss = network.sample_losses(network(batch.spikes), batch).sum()
        made.append([loss, *torch.autograd.grad(loss, list(network.parameters()))])
    for expected, found in zip(*made, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_run_comes_back_and_answers_as_before(name: str, tmp_path: Path) -> None:
    run = run_of(name)
    trained = train_ensemble(run, SEEDS)
    on = {p: evaluate(trained.network, ensemble_data(run, SEEDS, p)) for p in run.data_sizes()}
    paths = {key: tmp_path / file for key, file in RUN_FILES.items()}
    start = ensemble(run, SEEDS).signed_weights()
    save_run(paths, trained.network, start, trained.progress, run, on)
    loaded = load_run(tmp_path)
    assert loaded.parameters == run
    _, saved = read_weights(paths["weights"])
    assert saved.keys() == trained.weights.keys()
    for weights in (saved, loaded.network.signed_weights()):
        assert weights.keys() >= {"w1", "w2"}
        for key, each in weights.items():
            assert torch.equal(torch.as_tensor(each), trained.weights[key])
    for n, data in enumerate(data_sets(run, SEEDS, "test")):
        logits = loaded(data.spikes).logits[n]
        assert logits.argmax(1).tolist() == on["test"].estimated[n].tolist()


def constraint_of(method: str, fraction: float, weights: int) -> SignConstraint:
    """Of one unit's weights."""
    settings = LayerParameters.model_validate(layer(method, inhibitory_fraction=fraction))
    constraint = make_constraint(settings, "w1", (1, weights), [NetworkId(1)])
    assert constraint is not None
    return constraint


def after_steps(
    method: str, drawn: list[float], gradients: list[list[float]], rate: float, fraction: float
) -> list[list[float]]:
    """One unit's weights after each step, given the loss's gradient with respect to them.

    A fraction of 1 makes the unit inhibitory, one of 0 excitatory.
    """
    module = nn.ParameterDict({"w1": torch.tensor([[drawn]])})
    register_parametrization(module, "w1", constraint_of(method, fraction, len(drawn)))
    optimiser = EnsembleAdam(parameter_groups(module, rate))
    keep_signs(optimiser, module)
    made = []
    for gradient in gradients:
        optimiser.zero_grad()
        module["w1"].backward(torch.tensor([[gradient]]))
        optimiser.step()
        made.append(module["w1"][0, 0].tolist())
    return made


# Adam's first step is the rate, its second after gradients g and -g is -1/19 of it, after g and 0
# it is 9/19 / sqrt(0.000999 / 0.001999) = 0.67006 of it
BACK = 0.1 / 19


@pytest.mark.parametrize(
    ("method", "fraction", "drawn", "gradients", "expected"),
    [
        ("abs", 0, 0.05, [1], [0.05]),  # 0.05 - 0.1 is reflected
        ("abs", 1, 0.05, [1], [-0.15]),
        ("abs", 1, -0.05, [1], [-0.15]),
        ("abs", 0, 0.0, [-1], [0.0]),  # no gradient at zero
        ("abs_sloped", 0, 0.05, [1], [0.05]),
        ("abs_sloped", 0, 0.0, [-1], [0.1]),
        ("abs_sloped", 1, 0.0, [1], [-0.1]),
        ("relu", 0, 0.05, [1, -1], [0.0, 0.0]),  # dead at -0.05, though it should come back
        ("relu", 0, 0.15, [1, -1], [0.05, 0.05 + BACK]),
        ("relu", 1, 0.0, [1], [0.0]),
        ("projected", 0, 0.05, [1, -1], [0.0, BACK]),  # comes back
        ("projected", 1, -0.15, [-1, 0], [-0.05, 0.0]),  # 0.05 - 0.067
        ("projected", 1, 0.0, [1], [-0.1]),
        ("softplus", 0, math.log(2), [1], [math.log(1 + math.exp(-0.1))]),  # raw from 0
        ("softplus", 1, math.log(2), [1], [-math.log(1 + math.exp(0.1))]),
        ("exponentiated", 0, 0.5, [2, -2], [0.5 * math.exp(-0.1), 0.5 * math.exp(-0.1 + BACK)]),
        ("exponentiated", 1, 0.5, [2], [-0.5 * math.exp(0.1)]),
        ("exponentiated", 1, 0.0, [2], [0.0]),  # a zero stays
        ("exponentiated_plain", 0, 0.5, [2, 3], [0.5 * math.exp(-0.2), 0.5 * math.exp(-0.5)]),
        ("exponentiated_plain", 1, -0.5, [2], [-0.5 * math.exp(0.2)]),
    ],
)
def test_updates_by_hand(
    method: str, fraction: float, drawn: float, gradients: list[float], expected: list[float]
) -> None:
    made = after_steps(method, [drawn], [[float(g)] for g in gradients], 0.1, float(fraction))
    assert [each[0] for each in made] == pytest.approx(expected, rel=1e-4, abs=1e-7)


def test_a_learned_sign_by_hand() -> None:
    # latent 0.1, its gradient 0.5 + 2 * 1 = 2.5: -0.5 after one step, so both weights turn
    (made,) = after_steps("learned", [0.5, 2.0], [[1.0, 1.0]], 0.6, 0.0)
    assert made == pytest.approx([-0.1, -1.4], rel=1e-5)
    # 0.5 - 2 * 3 is negative: the latent rises and the unit stays as it is
    (made,) = after_steps("learned", [0.5, 2.0], [[1.0, -3.0]], 0.6, 0.0)
    assert made == pytest.approx([0.1, 2.6], rel=1e-5)


@pytest.mark.parametrize(
    ("method", "raw", "slope"),
    [
        ("abs", 0.0, 0.0),
        ("abs_sloped", 0.0, -1.0),
        ("relu", 0.0, 0.0),
        ("relu", -1.0, 0.0),
        ("projected", 0.0, -1.0),
        ("softplus", -math.inf, 0.0),  # stands for w = 0
        ("softplus", 0.0, -0.5),  # w = -ln 2: 1 - e^w
        ("exponentiated", -math.inf, -1.0),  # what Adam is given is sign dL/dw
        ("exponentiated", 1.0, -1.0),
    ],
)
def test_gradients_of_an_inhibitory_weight(method: str, raw: float, slope: float) -> None:
    value = torch.tensor([[[raw]]], requires_grad=True)
    (gradient,) = torch.autograd.grad(constraint_of(method, 1.0, 1)(value).sum(), value)
    assert gradient.item() == slope


@pytest.mark.parametrize("fraction", [0.1, 0.5])
def test_signs_per_synapse_are_as_many_and_everywhere(fraction: float) -> None:
    settings = LayerParameters(signs="per_synapse", inhibitory_fraction=fraction)
    signs = ensemble_signs(settings, "w1", (200, 30), [NetworkId(1), NetworkId(2)])
    assert ((signs < 0).sum((1, 2)) == round(6000 * fraction)).all()
    assert not torch.equal(signs[0], signs[1])
    mixed = (signs.sum(2).abs() < 30).sum(1)
    assert (mixed > 180).all()  # a row of 30 has one sign with probability 0.9^30 = 0.04

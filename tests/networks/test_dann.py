"""A layer with inhibitory interneurons: its equation, its start and its steps, by hand."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from helpers import BACKENDS, data_sets, ensemble, ensemble_data, float_spikes, small_run
from plain import plain_alpha, plain_hidden, plain_readout
from torch import nn
from torch.nn.utils.parametrize import register_parametrization

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import LayerParameters
from spikeloc.networks.signs import (
    Divisive,
    constrained,
    keep_signs,
    make_constraint,
    parameter_groups,
)
from spikeloc.training.optimiser import EnsembleAdam

NETWORK_IDS = [NetworkId(1), NetworkId(2)]

BY_HAND = {
    "ex": torch.tensor([[[3.0], [1.0]]]),
    "ix": torch.tensor([[[1.0], [2.0]]]),
    "ei": torch.tensor([[[0.5]]]),
    "alpha": torch.tensor([[[math.log(2)]]]),
    "gain": torch.tensor([[[2.0]]]),
    "bias": torch.tensor([[[0.25]]]),
}


def dann(shape: tuple[int, int], fraction: float) -> Divisive:
    layer = LayerParameters(signs="dale", method="dann", inhibitory_fraction=fraction)
    constraint = make_constraint(layer, "w1", shape, NETWORK_IDS)
    assert isinstance(constraint, Divisive)
    return constraint


def start_of(shape: tuple[int, int], fraction: float, name: str = "w1") -> dict[str, torch.Tensor]:
    """Raw parameters before training, by name."""
    constraint = dann(shape, fraction)
    return dict(zip(constraint.RAW, constraint.initial(name, NETWORK_IDS), strict=True))


def test_the_signed_matrix_and_the_division_by_hand() -> None:
    layer, raw = dann((2, 1), 0.5), [BY_HAND[name] for name in Divisive.RAW]
    assert layer(*raw).tolist() == [[[2.5], [0.0]]]  # 3 - 0.5, 1 - 0.5 * 2
    spikes = torch.tensor([[[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]])
    # gamma = 2 * 0.5 * (1, 3, 0): 2 * 2.5 / 1 + 0.25, 2 * 2.5 / 3 + 0.25, and without spikes b
    made = layer.drive(spikes, raw)
    assert made[0, :, 0].tolist() == pytest.approx([5.25, 5 / 3 + 0.25, 0.25])


@pytest.mark.parametrize(
    ("fraction", "interneurons"), [(0.1, 3), (0.2, 8), (0.5, 30), (0.05, 2), (0.03, 1)]
)
def test_interneurons_are_a_share_of_the_layers_cells(fraction: float, interneurons: int) -> None:
    # 30 f / (1 - f): 3.33, 7.5, 30, 1.58, 0.93
    start = start_of((200, 30), fraction)
    assert start["ix"].shape == (2, 200, interneurons)
    assert start["ei"].shape == (2, interneurons, 30)


@pytest.mark.parametrize(
    # sqrt(1 / 400) and sqrt(2 pi / (30 (2 pi - 1)))
    ("name", "shape", "mean"),
    [("w1", (200, 30), 0.05), ("w2", (30, 12), 0.1991083)],
)
def test_the_start_is_the_methods_own(name: str, shape: tuple[int, int], mean: float) -> None:
    start = start_of(shape, 0.5, name)
    for kind in ("ex", "ix"):
        drawn = start[kind]
        error = mean / math.sqrt(drawn.numel())  # an exponential's sd is its mean
        assert drawn.min() >= 0 and abs(drawn.mean() - mean) < 4 * error
        assert abs(drawn.std() - mean) < 4 * math.sqrt(2) * error
        assert not torch.equal(drawn[0], drawn[1])
    assert (start["ei"] == 1 / shape[1]).all()
    alpha = math.log(math.sqrt((2 * math.pi - 1) / shape[0]))
    assert start["alpha"].flatten().tolist() == pytest.approx([alpha] * 2 * shape[1])
    assert (start["gain"] == 1).all() and (start["bias"] == 0).all()


def test_the_only_interneuron_takes_the_mean_of_the_units() -> None:
    start = start_of((20, 10), 0.1)
    torch.testing.assert_close(start["ix"][:, :, 0], start["ex"].mean(2))


def test_steps_are_scaled_and_clamped_by_hand() -> None:
    # Adam's first step is the rate whatever the gradient: 0.1, times 1/sqrt(4), 1/25, 1/50
    module = nn.ParameterDict({"w1": torch.zeros(2, 25, 4)})
    register_parametrization(module, "w1", dann((25, 4), 0.2))
    ((_, parameters),) = constrained(module)
    raw = dict(zip(Divisive.RAW, parameters, strict=True))
    optimiser = EnsembleAdam(parameter_groups(module, 0.1))
    keep_signs(optimiser, module)
    for each in parameters:
        each.data.fill_(0.06)
        each.grad = torch.zeros_like(each)
        each.grad[0] = 7
    optimiser.step()
    moved = {name: sorted({*each[0].flatten().tolist()}) for name, each in raw.items()}
    assert moved["ix"] == pytest.approx([0.01]) and moved["ei"] == pytest.approx([0.056])
    assert moved["alpha"] == pytest.approx([0.058])
    assert moved["ex"] == moved["gain"] == [0] and moved["bias"] == pytest.approx([-0.04])
    assert all((each[1] == 0.06).all() for each in raw.values())  # the other has no gradient


def network(w1: str) -> dict[str, Any]:
    dale = {"signs": "dale", "inhibitory_fraction": 0.3}
    return {
        "logit_scale": 0.5,
        "w1": {**dale, "method": w1},
        "w2": {**dale, "method": "dann_subtractive"},
    }


def test_the_divisive_network_equals_plain_loops() -> None:
    run = small_run(network=network("dann"))
    made = ensemble(run, [1, 2], "reference")
    spikes = float_spikes(data_sets(run, [1, 2], "training"))[:, :6]
    output = made(spikes, record=True).map(torch.Tensor.detach)
    assert output.hidden_spikes is not None
    assert 0.02 < output.hidden_spikes.mean() < 0.5
    for n in range(2):
        part = {name: each[n].double().numpy() for name, each in made.signed_weights().items()}
        inhibition = part["w1_ix"] * np.exp(part["w1_alpha"]) @ part["w1_ei"]
        for i in range(6):
            x = spikes[n, i].double().numpy()
            drive = x @ (part["w1_ex"] - part["w1_ix"] @ part["w1_ei"]) / (x @ inhibition + 1e-8)
            _, hidden = plain_hidden(drive, plain_alpha(run))
            np.testing.assert_array_equal(output.hidden_spikes[n, i].numpy(), hidden)
            logits = 0.5 * plain_readout(hidden @ part["w2"], plain_alpha(run)).sum(0)
            np.testing.assert_allclose(output.logits[n, i], logits, rtol=1e-4, atol=1e-5)


def test_the_native_core_divides_and_subtracts() -> None:
    for method in ("dann", "dann_subtractive"):
        run = small_run(network=network(method))
        batch = next(ensemble_data(run, [1]).batches(16))
        logits = [ensemble(run, [1], which)(batch.spikes).logits for which in BACKENDS]
        torch.testing.assert_close(logits[1], logits[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("interneurons", [1, 8])
def test_the_division_of_an_ensemble_is_bitwise_its_networks(interneurons: int) -> None:
    shapes = {"ex": (200, 30), "ix": (200, interneurons), "ei": (interneurons, 30)}
    shapes |= {"alpha": (1, interneurons), "gain": (1, 30), "bias": (1, 30)}
    draw = torch.Generator().manual_seed(1)
    layers = {name: torch.rand(3, *shape, generator=draw) for name, shape in shapes.items()}
    spikes = (torch.rand(3, 640, 200, generator=draw) < 0.2).float()
    towards = torch.rand(3, 640, 30, generator=draw)

    def gradients(networks: list[int]) -> dict[str, torch.Tensor]:
        leaves = {name: each[networks].requires_grad_() for name, each in layers.items()}
        drive = dann((200, 30), 0.5).drive(spikes[networks], list(leaves.values()))
        made = torch.autograd.grad(drive, list(leaves.values()), towards[networks])
        return {"drive": drive.detach(), **dict(zip(leaves, made, strict=True))}

    together = gradients([0, 1, 2])
    for n in range(3):
        for name, each in gradients([n]).items():
            assert torch.equal(each[0], together[name][n]), name

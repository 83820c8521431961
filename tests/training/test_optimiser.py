"""Adam on each network of an ensemble: by hand, and against torch's own."""

import math

import pytest
import torch
from torch import nn

from spikeloc.training.optimiser import EnsembleAdam


@pytest.mark.parametrize("shape", [(3, 7, 5), (7, 5), (5,)])
def test_steps_are_those_of_torch(shape: tuple[int, ...]) -> None:
    draw = torch.Generator().manual_seed(1)
    start = torch.randn(shape, generator=draw)
    ours, theirs = nn.Parameter(start.clone()), nn.Parameter(start.clone())
    optimisers = EnsembleAdam([ours], lr=0.1), torch.optim.Adam([theirs], lr=0.1)
    for _ in range(5):
        gradient = torch.randn(shape, generator=draw)
        for parameter, optimiser in zip((ours, theirs), optimisers, strict=True):
            parameter.grad = gradient.clone()
            optimiser.step()
    torch.testing.assert_close(ours, theirs)
    assert not torch.allclose(ours, start)


def test_a_gradient_may_lie_anyhow_in_memory() -> None:
    # torch's fused step takes it for granted that a gradient lies as its parameter does
    draw = torch.Generator().manual_seed(2)
    wide = torch.randn(2, 4, 6, generator=draw)
    made = []
    for gradient in (wide[:, :, ::2], wide[:, :, ::2].clone(), wide[:, :, ::2].mT.clone().mT):
        parameter = nn.Parameter(torch.zeros(2, 4, 3))
        parameter.grad = gradient
        EnsembleAdam([parameter], lr=0.1).step()
        made.append(parameter.detach())
    assert torch.equal(made[0], made[1]) and torch.equal(made[0], made[2])
    torch.testing.assert_close(made[0], -0.1 * wide[:, :, ::2].sign())


def test_plain_descent_by_hand() -> None:
    raw, other = nn.Parameter(torch.tensor([1.0, 2.0])), nn.Parameter(torch.tensor([1.0]))
    optimiser = EnsembleAdam(
        [{"params": [raw], "lr": 0.5, "adam": False}, {"params": [other], "lr": 0.25}]
    )
    (2 * raw[0] - raw[1] + 8 * other[0]).backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    assert raw.tolist() == [0.0, 2.5] and other.tolist() == pytest.approx([0.75])


def test_networks_that_stay_keep_their_state() -> None:
    draw = torch.Generator().manual_seed(3)
    gradients = torch.randn(4, 3, 2, 2, generator=draw)
    ensemble, alone = nn.Parameter(torch.ones(3, 2, 2)), nn.Parameter(torch.ones(1, 2, 2))
    optimisers = EnsembleAdam([ensemble]), EnsembleAdam([alone])
    for epoch, gradient in enumerate(gradients):
        if epoch == 2:
            ensemble.data = ensemble.data[[2]]
            optimisers[0].keep_([2])
        ensemble.grad = gradient[[2]].clone() if epoch >= 2 else gradient.clone()
        alone.grad = gradient[[2]].clone()
        for optimiser in optimisers:
            optimiser.step()
    assert torch.equal(ensemble, alone)


def test_zero_grad_and_closures_are_torchs() -> None:
    parameter = nn.Parameter(torch.tensor([2.0]))
    optimiser = EnsembleAdam([parameter], lr=0.1)

    def closure() -> float:
        optimiser.zero_grad()
        loss = (parameter**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item()

    assert optimiser.step(closure) == 4.0
    assert parameter.item() == pytest.approx(1.9) and math.isclose(closure(), 1.9**2, rel_tol=1e-5)
    optimiser.zero_grad(set_to_none=False)
    assert parameter.grad is not None and parameter.grad.item() == 0
    optimiser.zero_grad()
    assert parameter.grad is None

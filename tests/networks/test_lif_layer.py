"""The layer of LIF units whose gradient is written out: as autograd makes it of the neuron."""

import pytest
import torch
from helpers import BACKENDS, ensemble, ensemble_data, small_run
from torch import Tensor

from spikeloc.networks.lif_layer import LIFLayer
from spikeloc.networks.neuron import LIFUnits
from spikeloc.networks.readout import readout_weights

ALPHA, SLOPE = 0.8, 5.0


def by_autograd(drive: Tensor, scale: Tensor) -> tuple[Tensor, Tensor]:
    """The same with the steps of the neuron, (networks, steps, samples, units)."""
    states = LIFUnits(ALPHA, SLOPE).states(drive.transpose(1, 2))
    stacked = torch.stack([state.spikes for state in states], dim=1)
    return (stacked * scale[:, None, None]).sum(1), stacked.sum(1)


def written_out(drive: Tensor, scale: Tensor) -> tuple[Tensor, Tensor]:
    made: tuple[Tensor, Tensor] = LIFLayer.apply(drive, scale, ALPHA, SLOPE)  # type: ignore[no-untyped-call]
    return made


@pytest.mark.parametrize("steps", [3, 40])
def test_spikes_and_gradients_are_those_of_the_neuron(steps: int) -> None:
    draw = torch.Generator().manual_seed(steps)
    drive = torch.randn(2, steps, 5, 4, generator=draw, dtype=torch.float64) * 0.8 + 0.3
    scale = readout_weights("sum", 0.01, steps, ALPHA)
    towards = torch.randn(2, 5, 4, generator=draw, dtype=torch.float64)
    made = []
    for layer in (by_autograd, written_out):
        leaf = drive.clone().requires_grad_()
        summed, counts = layer(leaf, scale)
        of_sum = torch.autograd.grad(summed, leaf, towards, retain_graph=True)
        of_both = torch.autograd.grad((summed, counts), leaf, (towards, towards.flip(1)))
        made.append((summed, counts, *of_sum, *of_both))
    for expected, found in zip(*made, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)
    if steps == 40:
        assert 2 < made[0][1].mean() < 20 and made[0][2].abs().sum() > 0


def test_a_gradient_by_hand() -> None:
    # v: 0, 0.5, 0.4 + 1, 1.12 + 0.1; the third step's excess of 0.4 spikes in the fourth. Without
    # readout of other steps the gradient of h[1] is the slope there, and that of h[0] alpha of it
    drive = torch.tensor([0.5, 1.0, 0.1, 0.0]).view(1, 4, 1, 1).requires_grad_()
    scale = torch.tensor([0.0, 0.0, 0.0, 1.0])
    summed, counts = written_out(drive, scale)
    assert summed.item() == counts.item() == 1
    (gradient,) = torch.autograd.grad(summed.sum(), drive)
    sigma = torch.sigmoid(torch.tensor(SLOPE * 0.4))
    slope = (SLOPE * sigma * (1 - sigma)).item()
    expected = [ALPHA * slope, slope, 0, 0]
    assert gradient.flatten().tolist() == pytest.approx(expected, rel=1e-5)


def test_divisive_networks_have_the_gradients_of_the_reference() -> None:
    dale = {"signs": "dale", "inhibitory_fraction": 0.3}
    network = {"w1": {**dale, "method": "dann"}, "w2": {**dale, "method": "dann_subtractive"}}
    run = small_run(network=network | {"logit_scale": 0.5})
    batch = next(ensemble_data(run, [1, 2]).batches(16))
    made = []
    for backend in BACKENDS:
        divisive = ensemble(run, [1, 2], backend)
        output = divisive(batch.spikes)
        gradients = torch.autograd.grad(output.logits.square().sum(), list(divisive.parameters()))
        made.append([output.logits.detach(), output.hidden_counts, *gradients])
    for expected, found in zip(*made, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-5)
    assert made[0][1].sum() > 0

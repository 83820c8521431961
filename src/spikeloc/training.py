"""Training a stack of networks, one a seed, with surrogate gradients (spec section 4).

Each network has its own data, parameters, optimiser state and stopping epoch: what becomes of it
does not depend on the others of the stack, to the last bit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from spikeloc.batches import Batches
from spikeloc.network import Weights, forward, initial_weight, layer_shapes
from spikeloc.parameters import RunParameters, TrainingParameters
from spikeloc.randomness import permutation
from spikeloc.signs import Free, SignConstraint, make_constraint

EVALUATION_BATCH = 64


@dataclass
class Progress:
    """What happened to one network: losses by epoch (nats per sample) and how it ended."""

    train_loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    stopped_early: bool = False
    diverged: bool = False

    @property
    def best_epoch(self) -> int | None:
        """Epoch (from 0) of the first smallest validation loss, None without validation."""
        return int(np.argmin(self.val_loss)) if self.val_loss else None

    @property
    def ended(self) -> bool:
        """Whether the network is trained no further."""
        return self.stopped_early or self.diverged


@dataclass(frozen=True)
class Trained:
    """A trained stack: effective weights as kept, and each network's progress."""

    weights: Weights
    progress: list[Progress]


class Stack:
    """Trained parameters, a tensor per network and layer, and what turns them into weights."""

    def __init__(self, run: RunParameters, seeds: list[int], device: torch.device) -> None:
        network = run.network
        self.theta: dict[str, list[Tensor]] = {}
        self.constraint: dict[str, SignConstraint] = {}
        for name, shape in layer_shapes(network, run.stimulus.inputs).items():
            self.theta[name] = [
                initial_weight(name, shape, seed).to(device).requires_grad_() for seed in seeds
            ]
            layer = {"w1": network.w1, "w2": network.w2}[name]
            spiking = network.model == "spiking"
            self.constraint[name] = (
                make_constraint(layer, name, shape[0], seeds, device) if spiking else Free()
            )

    def parameters(self) -> list[Tensor]:
        """Every tensor that is trained."""
        return [theta for layer in self.theta.values() for theta in layer]

    def weights(self, networks: list[int]) -> Weights:
        """Effective weights of some of the networks."""
        made = {
            name: self.constraint[name]
            .select(networks)
            .effective(torch.stack([layer[i] for i in networks]))
            for name, layer in self.theta.items()
        }
        return Weights(made["w1"], made.get("w2"))

    def detached(self, networks: list[int]) -> Weights:
        """The same as a copy that further training leaves alone."""
        with torch.no_grad():
            weights = self.weights(networks)
        return Weights(weights.w1.clone(), None if weights.w2 is None else weights.w2.clone())


def should_stop(val_loss: Sequence[float], patience: int) -> bool:
    """Whether to stop after the epoch that gave the last of these validation losses.

    After epoch e (from 0), if e > patience and the smallest of the last ``patience`` losses is
    the first of them.
    """
    recent = val_loss[-patience:]
    return len(val_loss) - 1 > patience and recent[0] == min(recent)


def keeps_best(progress: Progress, training: TrainingParameters) -> bool:
    """Whether the weights of the best epoch are kept, rather than the last ones."""
    return training.weights_kept == "best" or progress.stopped_early


def train(
    run: RunParameters,
    training_data: Batches,
    validation_data: Batches | None,
    seeds: list[int],
    report: Callable[[str], object],
) -> Trained:
    """Train one network per seed on its own data.

    Args:
        training_data: one data set per seed, in the order of the seeds.
        validation_data: likewise; None if the recipe does not validate.
        report: is given a line of text after each epoch.
    """
    training = run.training
    device = training_data.bits.device
    everyone = list(range(len(seeds)))
    stack = Stack(run, seeds, device)
    progress = [Progress() for _ in seeds]
    optimiser = torch.optim.Adam(stack.parameters(), lr=training.learning_rate)
    best = stack.detached(everyone)
    for epoch in range(training.epochs):
        active = [i for i in everyone if not progress[i].ended]
        if not active:
            break
        order = _epoch_order([seeds[i] for i in active], training_data.samples, epoch).to(device)
        losses = _train_epoch(run, stack, optimiser, active, training_data.select(active), order)
        _record(progress, active, "train_loss", losses)
        if validation_data is not None:
            current = stack.detached(active)
            losses = mean_loss(current, validation_data.select(active), run)
            _record(progress, active, "val_loss", losses)
            _remember_best(best, current, progress, active)
            for i in active:
                stops = should_stop(progress[i].val_loss, training.patience_epochs)
                progress[i].stopped_early = stops and not progress[i].diverged
        report(_epoch_line(epoch, training.epochs, progress, active))
    from_best = [keeps_best(each, training) for each in progress]
    return Trained(_choose(best, stack.detached(everyone), from_best), progress)


def _epoch_order(seeds: list[int], samples: int, epoch: int) -> Tensor:
    orders = [permutation(seed, "batches", samples, index=epoch) for seed in seeds]
    return torch.from_numpy(np.stack(orders))


def _train_epoch(
    run: RunParameters,
    stack: Stack,
    optimiser: torch.optim.Optimizer,
    active: list[int],
    data: Batches,
    order: Tensor,
) -> list[float]:
    """One pass through the data; the mean loss of each active network over its samples."""
    total = torch.zeros(len(active), dtype=torch.float64, device=order.device)
    for spikes, target in data.each(run.training.batch_size, order):
        logits = forward(stack.weights(active), spikes, run).logits
        loss = network_losses(logits, target)
        # Adam passes over parameters without a gradient: networks that have stopped stay frozen
        optimiser.zero_grad(set_to_none=True)
        loss.sum().backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        total += loss.detach().double() * target.shape[1]
    return (total / data.samples).tolist()


def network_losses(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy of each network, mean over its samples (networks,), in nats."""
    each = cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="none")
    return each.view(target.shape).mean(1)


def mean_loss(weights: Weights, data: Batches, run: RunParameters) -> list[float]:
    """Mean loss of each network over a whole data set."""
    total = torch.zeros(data.networks, dtype=torch.float64, device=data.bits.device)
    for spikes, target in data.each(EVALUATION_BATCH):
        logits = forward(weights, spikes, run).logits
        total += network_losses(logits, target).double() * target.shape[1]
    return (total / data.samples).tolist()


def _record(progress: list[Progress], active: list[int], kind: str, losses: list[float]) -> None:
    for i, loss in zip(active, losses, strict=True):
        getattr(progress[i], kind).append(loss)
        if not math.isfinite(loss):
            progress[i].diverged = True


def _remember_best(
    best: Weights, current: Weights, progress: list[Progress], active: list[int]
) -> None:
    """Copy the weights of the active networks whose latest epoch is their best one."""
    for row, i in enumerate(active):
        if progress[i].best_epoch == len(progress[i].val_loss) - 1:
            for name, layer in best.layers().items():
                layer[i] = current.layers()[name][row]


def _choose(best: Weights, last: Weights, from_best: list[bool]) -> Weights:
    """Each network's weights from one of two stacks."""
    chosen = torch.tensor(from_best, device=last.w1.device)[:, None, None]
    layers = {
        name: torch.where(chosen, best.layers()[name], layer)
        for name, layer in last.layers().items()
    }
    return Weights(layers["w1"], layers.get("w2"))


def _epoch_line(epoch: int, epochs: int, progress: list[Progress], active: list[int]) -> str:
    losses = [f"{progress[i].train_loss[-1]:.4f}" for i in active]
    still = sum(not each.ended for each in progress)
    return f"epoch {epoch + 1}/{epochs}: training loss {' '.join(losses)}; {still} networks go on"

"""Training an ensemble of networks with surrogate gradients: docs/model.md, "Training".

Each network has its own data, parameters, optimiser state and stopping epoch. Its result does not
depend on the other networks of the ensemble, to the last bit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.parameters import Backend, RunParameters, TrainingParameters
from spikeloc.io.randomness import permutation
from spikeloc.networks.batches import Batches
from spikeloc.networks.forward import evaluation_batch, forward, prepare, prepare_training
from spikeloc.networks.readout import sample_losses
from spikeloc.networks.weights import Weights
from spikeloc.training.data import fresh_training_data
from spikeloc.training.ensemble import Ensemble, each_parameter, signed_weights
from spikeloc.training.optimiser import EnsembleOptimiser
from spikeloc.training.schedule import rate_factor


@dataclass
class Progress:
    """The training of one network: mean losses by epoch and how it ended.

    Losses are in nats per sample, or in the unit of the readout's loss: see
    :func:`spikeloc.networks.readout.sample_losses`.
    """

    train_loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    stopped_early: bool = False
    diverged: bool = False

    @property
    def best_epoch(self) -> int | None:
        """Epoch (from 0) with the smallest finite validation loss, in a tie the first, or None."""
        finite = [epoch for epoch, loss in enumerate(self.val_loss) if math.isfinite(loss)]
        return min(finite, key=self.val_loss.__getitem__) if finite else None

    @property
    def ended(self) -> bool:
        """Whether training of the network has ended before the last epoch."""
        return self.stopped_early or self.diverged


@dataclass(frozen=True)
class Trained:
    """A trained ensemble: the signed weights that were kept, each network's progress, and the
    initial signed weights."""

    weights: Weights
    progress: list[Progress]
    start: Weights


def should_stop(val_loss: Sequence[float], patience: int) -> bool:
    """Whether to stop after the epoch of the last of these validation losses.

    That is after epoch e (from 0) if e > patience and the smallest of the last ``patience`` losses
    is the first of them: docs/model.md, "Training".
    """
    recent = val_loss[-patience:]
    return len(val_loss) - 1 > patience and recent[0] == min(recent)


def keeps_best(progress: Progress, training: TrainingParameters) -> bool:
    """Whether the weights of the best epoch are kept instead of the last ones."""
    return training.weights_kept == "best" or progress.stopped_early


def train(
    run: RunParameters,
    training_data: Batches,
    validation_data: Batches | None,
    network_ids: Sequence[NetworkId],
    report: Callable[[str], object],
    backend: Backend = "auto",
) -> Trained:
    """Train each network of an ensemble on its own data.

    Args:
        run: parameters of the networks and their training.
        training_data: of each network, in the order of ``network_ids``; with fresh stimuli, that
            of the first epoch.
        validation_data: likewise; None if the recipe does not validate.
        network_ids: of the ensemble.
        report: is called with a line of text after each epoch.
        backend: what computes; see :func:`spikeloc.native.use_native`.
    """
    training = run.training
    training_data = prepare_training(training_data, run, backend)
    validation_data = validation_data and prepare(validation_data, run)
    device = training_data.bits.device
    everyone = list(range(len(network_ids)))
    ensemble = Ensemble(run, network_ids, device)
    progress = [Progress() for _ in network_ids]
    optimiser = ensemble.optimiser(training.learning_rate)
    best, start = ensemble.weights_of(everyone), ensemble.weights_of(everyone)
    for epoch in range(training.epochs):
        active = [i for i in everyone if not progress[i].ended]
        if not active:
            break
        own = [network_ids[i] for i in active]
        if training.fresh_stimuli and epoch:
            data = prepare_training(
                fresh_training_data(run, own, epoch, device, backend), run, backend
            )
        else:
            data = training_data.select(active)
        losses = _train_epoch(run, ensemble, optimiser, active, data, own, epoch, backend)
        _record(progress, active, "train_loss", losses)
        if validation_data is not None:
            current = ensemble.weights_of(active)
            losses = mean_loss(current, validation_data.select(active), run, backend)
            _record(progress, active, "val_loss", losses)
            _remember_best(best, current, progress, active)
            for i in active:
                stops = should_stop(progress[i].val_loss, training.patience_epochs)
                progress[i].stopped_early = stops and not progress[i].diverged
        report(_epoch_line(epoch, training.epochs, progress, active))
    from_best = [keeps_best(each, training) for each in progress]
    return Trained(_choose(best, ensemble.weights_of(everyone), from_best), progress, start)


def _epoch_order(network_ids: list[NetworkId], samples: int, epoch: int) -> Tensor:
    orders = [
        permutation(seed, stream_name("batches", network), samples, index=epoch)
        for seed, network in network_ids
    ]
    return torch.from_numpy(np.stack(orders))


def _train_epoch(
    run: RunParameters,
    ensemble: Ensemble,
    optimiser: EnsembleOptimiser,
    active: list[int],
    data: Batches,
    network_ids: list[NetworkId],
    epoch: int,
    backend: Backend,
) -> list[float]:
    """Train for one epoch; returns the mean loss of each active network over its samples."""
    order = _epoch_order(network_ids, data.samples, epoch).to(data.bits.device)
    factor = rate_factor(run.training, epoch)
    total = torch.zeros(len(active), dtype=torch.float64, device=order.device)
    constraints = ensemble.constraints_of(active)
    for batch in data.each(run.training.batch_size, order, epoch):
        raw = ensemble.parameters_of(active)
        trained = [each.requires_grad_() for each in each_parameter(raw)]
        output = forward(signed_weights(raw, constraints), batch, run, backend)
        loss = sample_losses(output.logits, batch, run.network.readout)
        mean = torch.full_like(loss, 1 / loss.shape[1])  # the gradient of each network's mean
        optimiser.step(torch.autograd.grad(loss, trained, mean), active, factor)
        ensemble.after_step()
        total += loss.detach().sum(1, dtype=torch.float64)
    return (total / data.samples).tolist()


def mean_loss(
    weights: Weights, data: Batches, run: RunParameters, backend: Backend = "auto"
) -> list[float]:
    """Mean loss of each network over its whole data set."""
    total = torch.zeros(data.networks, dtype=torch.float64, device=data.bits.device)
    data = prepare(data, run)
    for batch in data.each(evaluation_batch(data, run, backend)):
        logits = forward(weights, batch, run, backend).logits
        losses = sample_losses(logits, batch, run.network.readout)
        total += losses.sum(1, dtype=torch.float64)
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
    """The weights of each network from ``best`` where ``from_best``, else from ``last``."""
    chosen = torch.tensor(from_best, device=last.w1.device)[:, None, None]
    layers = {
        name: torch.where(chosen, best.layers()[name], layer)
        for name, layer in last.layers().items()
    }
    return Weights.from_layers(layers)


def _epoch_line(epoch: int, epochs: int, progress: list[Progress], active: list[int]) -> str:
    losses = [f"{progress[i].train_loss[-1]:.4f}" for i in active]
    left = sum(not each.ended for each in progress)
    return f"epoch {epoch + 1}/{epochs}: training loss {' '.join(losses)}; {left} networks continue"

"""Training with surrogate gradients: docs/model.md, "Training".

Each network of an ensemble has its own data, parameters, optimiser state and stopping epoch. Its
result does not depend on the other networks, to the last bit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from spikeloc.config.base import check_kind, checked
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import TrainingParameters
from spikeloc.io.environment import one_thread
from spikeloc.metrics.evaluation import mean_loss, sample_seconds
from spikeloc.networks.ensemble_data import Data, EnsembleData
from spikeloc.networks.network import LocalisationNetwork
from spikeloc.networks.signs import keep_signs, parameter_groups
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.dataset import epoch_order
from spikeloc.training.optimiser import EnsembleAdam
from spikeloc.training.rate_penalty import rate_penalty
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


def should_stop(val_loss: Sequence[float], patience: int) -> bool:
    """Whether to stop after the epoch of the last of these validation losses.

    That is after epoch e (from 0) if e > patience and the smallest of the last ``patience`` losses
    is the first of them: docs/model.md, "Training".
    """
    recent = val_loss[-patience:]
    return len(val_loss) - 1 > patience and recent[0] == min(recent)


def keeps_best(progress: Progress, training: TrainingParameters) -> bool:
    """Whether the weights of the best epoch are kept instead of the last ones."""
    kept = training.weights_kept
    return kept == "best" or (kept == "notebook" and progress.stopped_early)


@one_thread()
def train(
    network: LocalisationNetwork,
    training_data: Data,
    validation_data: Data | None = None,
    training: TrainingParameters | None = None,
    report: Callable[[str], object] | None = None,
) -> list[Progress]:
    """Train a network, or each network of an ensemble on its own data.

    Afterwards ``network`` has the weights that are kept.

    Args:
        network: is changed; the order of its samples is that of its seed.
        training_data: one data set for all networks, or one for each; with fresh stimuli, that of
            the first epoch.
        validation_data: likewise; None if the recipe does not validate.
        training: the recipe, as in a config's ``training:``.
        report: is called with a line of text after each epoch.

    Returns:
        The progress of each network.

    Raises:
        ValueError: data and network do not fit, the recipe needs validation data, or it penalises
            firing rates of a network without hidden units.
        TypeError: an argument is of another kind.
    """
    check_kind("network", network, LocalisationNetwork)
    training = checked("training", training, TrainingParameters)
    if validation_data is None and training.validate_each_epoch:
        raise ValueError("validation_data: needed, since training has validate_each_epoch")
    if training.rate_penalty is not None and not isinstance(network, SpikingNetwork):
        raise ValueError("training: rate_penalty needs a network with hidden units")
    learner = network.as_ensemble()  # networks leave it when their training ends
    learner.check_axes()
    optimiser = EnsembleAdam(parameter_groups(learner, training.learning_rate))
    keep_signs(optimiser, learner)
    prepare_training = partial(learner.prepare, training=True)
    scheduler = LambdaLR(optimiser, partial(rate_factor, training))
    learned = learner.ensemble_data(training_data).map_spikes(prepare_training)
    validation = None
    if validation_data is not None and training.validate_each_epoch:
        validation = learner.ensemble_data(validation_data).map_spikes(learner.prepare)
    progress = [Progress() for _ in network.network_ids]
    active = list(range(len(progress)))  # the place in the ensemble of each network of the learner
    best = {name: each.clone() for name, each in learner.state_dict().items()}
    last = {name: each.clone() for name, each in best.items()}
    for epoch in range(training.epochs):
        data = learned
        if training.fresh_stimuli and epoch:
            phases = training.fresh_stimuli == "phases"
            data = learned.fresh(epoch, network.backend, phases).map_spikes(prepare_training)
        losses = train_epoch(learner, optimiser, data, training, epoch)
        scheduler.step()
        _record(progress, active, "train_loss", losses)
        if validation is not None:
            _record(progress, active, "val_loss", mean_loss(learner, validation))
            improved = [i for i in active if progress[i].best_epoch == epoch]
            _store(best, learner, active, improved)
            for i in active:
                stops = should_stop(progress[i].val_loss, training.patience_epochs)
                progress[i].stopped_early = stops and not progress[i].diverged
        if report is not None:
            report(_epoch_line(epoch, training.epochs, progress, active))
        staying = [row for row, i in enumerate(active) if not progress[i].ended]
        if len(staying) < len(active) or epoch == training.epochs - 1:
            _store(last, learner, active, active)
        if not staying:
            break
        if len(staying) < len(active):
            learner.keep_(staying)
            optimiser.keep_(staying)
            learned = learned.select(staying)
            validation = validation and validation.select(staying)
            active = [active[row] for row in staying]
    from_best = [keeps_best(each, training) for each in progress]
    kept = {name: _choose(best[name], each, from_best) for name, each in last.items()}
    network.load_state_dict(kept if network.ensemble else {n: each[0] for n, each in kept.items()})
    return progress


def train_epoch(
    network: LocalisationNetwork,
    optimiser: EnsembleAdam,
    data: EnsembleData,
    training: TrainingParameters,
    epoch: int,
) -> list[float]:
    """Train an ensemble for one epoch; returns the mean loss of each network over its samples,
    without a penalty on firing rates."""
    order = _epoch_order(network.network_ids, data.samples, epoch).to(network.device)
    total = torch.zeros(data.networks, dtype=torch.float64, device=network.device)
    for batch in data.batches(training.batch_size, order, epoch):
        output = network(batch.spikes)
        loss = network.sample_losses(output, batch)
        minimised = loss.mean(1)
        if training.rate_penalty is not None and output.hidden_counts is not None:
            seconds = sample_seconds(network, batch.spikes)
            penalty = rate_penalty(output.hidden_counts, seconds, training.rate_penalty)
            minimised = minimised + penalty
        optimiser.zero_grad()
        torch.autograd.backward(minimised.sum())
        optimiser.step()
        total += loss.detach().sum(1, dtype=torch.float64)
    return (total / data.samples).tolist()


def _epoch_order(network_ids: Sequence[NetworkId], samples: int, epoch: int) -> Tensor:
    orders = [epoch_order(*network_id, samples, epoch) for network_id in network_ids]
    return torch.from_numpy(np.stack(orders))


def _record(progress: list[Progress], active: list[int], kind: str, losses: list[float]) -> None:
    for i, loss in zip(active, losses, strict=True):
        getattr(progress[i], kind).append(loss)
        if not math.isfinite(loss):
            progress[i].diverged = True


def _store(
    kept: dict[str, Tensor], learner: LocalisationNetwork, active: list[int], which: list[int]
) -> None:
    """Copy the present state of some of the active networks, by their places in the ensemble."""
    rows = [active.index(i) for i in which]
    for name, tensor in learner.state_dict().items():
        kept[name][which] = tensor[rows]


def _choose(best: Tensor, last: Tensor, from_best: list[bool]) -> Tensor:
    """The state of each network from ``best`` where ``from_best``, else from ``last``."""
    chosen = torch.tensor(from_best, device=last.device).view(-1, *[1] * (last.dim() - 1))
    return torch.where(chosen, best, last)


def _epoch_line(epoch: int, epochs: int, progress: list[Progress], active: list[int]) -> str:
    losses = [f"{progress[i].train_loss[-1]:.4f}" for i in active]
    text = f"epoch {epoch + 1}/{epochs}: training loss {' '.join(losses)}"
    if progress[active[0]].val_loss:
        losses = [f"{progress[i].val_loss[-1]:.4f}" for i in active]
        text += f"; validation loss {' '.join(losses)}"
    left = sum(not each.ended for each in progress)
    return f"{text}; {left} of {len(progress)} go on"

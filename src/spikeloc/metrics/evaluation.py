"""How good an ensemble of networks is on a data set (docs/model.md, "Classes and scores")."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.utils import parametrize

from spikeloc.config.base import check_kind
from spikeloc.io.environment import one_thread
from spikeloc.metrics import scores
from spikeloc.metrics.confusion import confusion_counts
from spikeloc.networks.ensemble_data import Data, EnsembleData, PackedSpikes
from spikeloc.networks.network import LocalisationNetwork, NetworkOutput
from spikeloc.networks.readout import estimated_ipd_rad
from spikeloc.stimulus.classes import ipd_class

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Evaluation:
    """Results of each network: class estimates and true classes (networks, samples), the mean
    loss in nats, and the hidden units' mean firing rate in sp/s, NaN without a hidden layer,
    both (networks,). A regression estimates ``estimated_ipd_rad`` (networks, samples), of which
    ``estimated`` is the class."""

    estimated: npt.NDArray[np.int64]
    true: npt.NDArray[np.int64]
    ipd_rad: Floats
    loss: Floats
    hidden_rate_hz: Floats
    classes: int
    estimated_ipd_rad: Floats | None = None

    def accuracy(self) -> Floats:
        """Share of right classes in percent (networks,)."""
        return np.mean(100.0 * (self.estimated == self.true), axis=1)

    def abs_error_deg(self) -> Floats:
        """Mean distance of the true IPD from the estimate, degrees: a regression's angle, a
        classifier's midpoint of the estimated class."""
        if self.estimated_ipd_rad is not None:
            return np.degrees(np.mean(np.abs(self.ipd_rad - self.estimated_ipd_rad), axis=1))
        return np.mean(scores.abs_error_deg(self.ipd_rad, self.estimated, self.classes), axis=1)

    def class_error_deg(self) -> Floats:
        """Mean distance of the midpoints of true and estimated class, degrees."""
        return np.mean(scores.class_error_deg(self.true, self.estimated, self.classes), axis=1)

    def confusion_counts(self) -> npt.NDArray[np.int64]:
        """How often (networks, estimated, true) came together."""
        return confusion_counts(self.estimated, self.true, self.classes)


@one_thread()
@torch.no_grad()
def evaluate(network: LocalisationNetwork, data: Data) -> Evaluation:
    """How good a network, or each network of an ensemble, is on a data set.

    In a tie the lowest class wins.

    Args:
        network: which; a single one is taken for an ensemble of one.
        data: one data set for all networks, or one for each.

    Raises:
        ValueError: data and network do not fit; the message says why.
    """
    check_kind("network", network, LocalisationNetwork)
    network = network if network.ensemble else network.as_ensemble()
    data = network.ensemble_data(data)
    logits = []
    loss = torch.zeros(data.networks, dtype=torch.float64)
    hidden_spikes = torch.zeros(data.networks, dtype=torch.float64)
    for output, losses in _outputs(network, data):
        logits.append(output.logits)
        loss += losses.sum(1, dtype=torch.float64).cpu()
        if output.hidden_counts is not None:
            hidden_spikes += output.hidden_counts.sum((1, 2), dtype=torch.float64).cpu()
            units = output.hidden_counts.shape[2]
    outputs, angle = torch.cat(logits, dim=1), None
    if network.readout == "classes":
        estimated = outputs.argmax(2).cpu().numpy()
    else:
        angle = estimated_ipd_rad(outputs, network.readout)
        estimated = ipd_class(angle, network.classes)
    rate_hz = torch.full_like(hidden_spikes, torch.nan)
    if output.hidden_counts is not None:
        seconds = sample_seconds(network, data.spikes)
        rate_hz = hidden_spikes / (data.samples * units * seconds)
    return Evaluation(
        estimated=estimated,
        true=data.target.cpu().numpy(),
        ipd_rad=data.ipd_rad.cpu().numpy(),
        loss=(loss / data.samples).numpy(),
        hidden_rate_hz=rate_hz.numpy(),
        classes=network.classes,
        estimated_ipd_rad=angle,
    )


def sample_seconds(network: LocalisationNetwork, spikes: PackedSpikes) -> float:
    """Duration of a sample."""
    # rounded to what was typed: 0.1 ms times 3 is 0.30000000000000004 ms
    return round(spikes.steps * network.time_step_ms, 9) / 1000


@torch.no_grad()
def mean_loss(network: LocalisationNetwork, data: EnsembleData) -> list[float]:
    """Mean loss of each network of an ensemble over its whole data set."""
    total = torch.zeros(data.networks, dtype=torch.float64, device=data.target.device)
    for _, losses in _outputs(network, data):
        total += losses.sum(1, dtype=torch.float64)
    return (total / data.samples).tolist()


def _outputs(
    network: LocalisationNetwork, data: EnsembleData
) -> Iterator[tuple[NetworkOutput, Tensor]]:
    """The output of an ensemble and each sample's loss (networks, samples), batch by batch."""
    data = data.map_spikes(network.prepare)
    with parametrize.cached():  # signed weights are made once
        for batch in data.batches(network.evaluation_batch(data.spikes)):
            output = network(batch.spikes)
            yield output, network.sample_losses(output, batch)

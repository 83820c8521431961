"""How good an ensemble of networks is on a data set (docs/model.md, "Classes and scores")."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.metrics import scores
from spikeloc.metrics.confusion import confusion_counts
from spikeloc.networks.batches import Batches
from spikeloc.networks.forward import evaluation_batch, forward, prepare
from spikeloc.networks.readout import estimated_ipd_rad, sample_losses
from spikeloc.networks.weights import Weights
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


@torch.no_grad()
def evaluate(
    weights: Weights, data: Batches, run: RunParameters, backend: Backend = "auto"
) -> Evaluation:
    """Run an ensemble on a whole data set. In a tie the lowest class wins."""
    readout = run.network.readout
    logits = []
    loss = torch.zeros(data.networks, dtype=torch.float64)
    hidden_spikes = torch.zeros(data.networks, dtype=torch.float64)
    data = prepare(data, run)
    for batch in data.each(evaluation_batch(data, run, backend)):
        output = forward(weights, batch, run, backend)
        logits.append(output.logits)
        losses = sample_losses(output.logits, batch, readout)
        loss += losses.sum(1, dtype=torch.float64).cpu()
        if output.hidden_counts is not None:
            hidden_spikes += output.hidden_counts.sum((1, 2)).cpu().double()
    rate = _rate_hz(hidden_spikes, data.samples, run)
    outputs, angle, classes = torch.cat(logits, dim=1), None, run.network.classes
    if readout == "classes":
        estimated = outputs.argmax(2).cpu().numpy()
    else:
        angle = estimated_ipd_rad(outputs, readout)
        estimated = ipd_class(angle, classes)
    return Evaluation(
        estimated=estimated,
        true=data.target.cpu().numpy(),
        ipd_rad=data.ipd_rad.cpu().numpy(),
        loss=(loss / data.samples).numpy(),
        hidden_rate_hz=rate.numpy(),
        classes=classes,
        estimated_ipd_rad=angle,
    )


def _rate_hz(spikes: torch.Tensor, samples: int, run: RunParameters) -> torch.Tensor:
    if run.network.model == "membrane_only":
        return torch.full_like(spikes, torch.nan)
    seconds = run.stimulus.duration_ms / 1000
    return spikes / (samples * run.network.hidden_units * seconds)

"""Readouts: the outputs of a network stand for a class, the IPD, or its cosine and sine.

Source: docs/model.md, "Readout".
"""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from spikeloc.config.parameters import OverTime, Readout
from spikeloc.networks.ensemble_data import Batch
from spikeloc.networks.neuron import integrator_last_weights, integrator_sum_weights


@lru_cache(maxsize=8)
def readout_weights(over_time: OverTime, logit_scale: float, steps: int, alpha: float) -> Tensor:
    """What a spike in each time step adds to the logits per unit of W2, float64 (steps,)."""
    weights = integrator_last_weights if over_time == "last" else integrator_sum_weights
    return logit_scale * weights(steps, alpha)


def sample_losses(outputs: Tensor, batch: Batch, readout: Readout) -> Tensor:
    """Loss of each sample (networks, samples), from outputs (networks, samples, outputs).

    ``classes``: cross-entropy in nats; ``angle``: squared error in rad^2; ``circular``: squared
    distance from the point (cos IPD, sin IPD).
    """
    if readout == "classes":
        return class_losses(outputs, batch.target)
    return ((outputs - _targets(batch.ipd_rad, readout).to(outputs.dtype)) ** 2).sum(2)


def class_losses(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy of each sample (networks, samples) in nats, from logits (..., classes)."""
    each = cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="none")
    return each.view(target.shape)


def _targets(ipd_rad: Tensor, readout: Readout) -> Tensor:
    parts = [ipd_rad] if readout == "angle" else [torch.cos(ipd_rad), torch.sin(ipd_rad)]
    return torch.stack(parts, dim=2)


def estimated_ipd_rad(outputs: Tensor, readout: Readout) -> npt.NDArray[np.float64]:
    """The IPD that the outputs of a regression (networks, samples, outputs) stand for, in radians,
    (networks, samples). Estimates beyond +-90 degrees are set to +-90 degrees."""
    values = outputs.double().cpu().numpy()
    angle = values[..., 0] if readout == "angle" else np.arctan2(values[..., 1], values[..., 0])
    return np.clip(angle, -math.pi / 2, math.pi / 2)

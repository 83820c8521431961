"""Noise of the hidden units: a Gaussian current into each of them in each time step.

The random stream of the noise is keyed by the spikes of the sample and the epoch. So the noise of a
sample is the same in every batch and ensemble, differs between epochs, and is shared by networks
that are given the same sample.
"""

import hashlib

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from spikeloc.io.randomness import normal

STEPS_WITHOUT_EFFECT = 2  # the last ones: a drive causes a spike two steps later


def hidden_noise(bits: Tensor, hidden_units: int, sd: float, epoch: int = 0) -> Tensor:
    """Currents of mean 0, float32 (networks, samples, steps - 2, hidden).

    Args:
        bits: packed spikes of the samples, uint8 (networks, samples, steps, bytes).
        hidden_units: number of hidden units.
        sd: standard deviation, in units of the threshold.
        epoch: in which the samples are shown.
    """
    steps = max(bits.shape[2] - STEPS_WITHOUT_EFFECT, 0)
    shape = (bits.shape[1], steps, hidden_units)
    each = [_currents(own, shape, sd, epoch) for own in bits.cpu().numpy()]
    return torch.from_numpy(np.stack(each)).to(bits.device)


def _currents(
    bits: npt.NDArray[np.uint8], shape: tuple[int, int, int], sd: float, epoch: int
) -> npt.NDArray[np.float32]:
    count = shape[1] * shape[2]
    noise = np.stack([normal(_seed(sample), "hidden_noise", count, epoch) for sample in bits])
    return (sd * noise).astype(np.float32).reshape(shape)


def _seed(spikes: npt.NDArray[np.uint8]) -> int:
    """64 bits of the BLAKE2b hash of a sample's spikes."""
    name = hashlib.blake2b(np.ascontiguousarray(spikes).data, digest_size=8).digest()
    return int.from_bytes(name, "little")

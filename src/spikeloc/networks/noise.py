"""Noise of the hidden units: a Gaussian current into each of them in each time step.

It belongs to the sample, as its spikes do: its random stream is named after them and the epoch, so
that it is the same in whatever batch or ensemble a sample is shown, and another one in each epoch.
Networks that are given the same sample are given the same noise.
"""

import hashlib

import numpy as np
import numpy.typing as npt
import torch
from scipy.special import ndtri
from torch import Tensor

from spikeloc.config.parameters import RunParameters
from spikeloc.io.randomness import raw_words

STEPS_WITHOUT_EFFECT = 2  # the last ones: a drive reaches a spike two steps later


def hidden_noise(bits: Tensor, run: RunParameters, epoch: int = 0) -> Tensor | None:
    """Currents of mean 0 and sd ``noise_sd``, float32 (networks, samples, steps - 2, hidden).

    None if there is no noise.

    Args:
        bits: of the samples' spikes, uint8 (networks, samples, steps, bytes).
        run: says how much noise, for how many units.
        epoch: in which the samples are shown.
    """
    if not run.network.noise_sd:
        return None
    steps = max(bits.shape[2] - STEPS_WITHOUT_EFFECT, 0)
    shape = (bits.shape[1], steps, run.network.hidden_units)
    each = [_currents(own, shape, run.network.noise_sd, epoch) for own in bits.cpu().numpy()]
    return torch.from_numpy(np.stack(each)).to(bits.device)


def _currents(
    bits: npt.NDArray[np.uint8], shape: tuple[int, int, int], sd: float, epoch: int
) -> npt.NDArray[np.float32]:
    count = shape[1] * shape[2]
    words = np.stack([_words(sample, count, epoch) for sample in bits])
    draws = words.astype("<u8", copy=False).view("<u4")[:, :count]
    uniform = (draws + 0.5) * 2.0**-32  # neither 0 nor 1
    return (sd * ndtri(uniform)).astype(np.float32).reshape(shape)


def _words(spikes: npt.NDArray[np.uint8], count: int, epoch: int) -> npt.NDArray[np.uint64]:
    """Enough words of a sample's stream, whose seed is 64 bits of its spikes' BLAKE2b hash."""
    name = hashlib.blake2b(np.ascontiguousarray(spikes).data, digest_size=8).digest()
    return raw_words(int.from_bytes(name, "little"), "hidden_noise", (count + 1) // 2, epoch)

"""The data sets of an ensemble of networks, as bits on the device that computes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from spikeloc.stimulus.classes import ipd_class
from spikeloc.stimulus.generator import DataSet

UNPACKED_SAMPLES = 64  # unpacked at a time: a float takes 32 times the memory of a bit


def unpack_bits(bits: Tensor, fibres: int) -> Tensor:
    """Spikes as 0. or 1., float32 (..., fibres), from uint8 (..., bytes) on the same device."""
    value, place = (torch.arange(n, device=bits.device) for n in (256, 8))
    spikes_of = ((value[:, None] >> place) & 1).to(torch.float32)  # twice as fast as shifting all
    spikes = spikes_of.index_select(0, bits.flatten().int())
    return spikes.view(*bits.shape[:-1], -1)[..., :fibres]


def sum_over_time(spikes: Tensor, scale: Tensor) -> Tensor:
    """Spikes (networks, samples, steps, units) weighted by ``scale`` (steps,) and summed over time,
    (networks, samples, units)."""
    return (spikes * scale[:, None]).sum(2)


@dataclass(frozen=True)
class Batch:
    """Some samples of each network's data set, which are not copied.

    ``bits`` uint8 (rows, steps, bytes), of which the rows ``row`` int64 (networks, size) are the
    samples; ``target`` their true class, int64, and ``ipd_rad`` float64, both (networks, size);
    ``fibres``: number of inputs; ``sums`` and ``trains``: see :class:`Batches`; ``epoch``: in which
    the samples are shown, since their noise differs between epochs.
    """

    bits: Tensor
    row: Tensor
    target: Tensor
    ipd_rad: Tensor
    fibres: int
    sums: Tensor | None = None
    trains: Tensor | None = None
    epoch: int = 0

    def spikes(self) -> Tensor:
        """Spikes as 0. or 1., float32 (networks, size, steps, fibres)."""
        return unpack_bits(self.bits[self.row], self.fibres)

    def summed(self, scale: Tensor) -> Tensor:
        """Spikes weighted by time and summed, float32 (networks, size, fibres)."""
        if self.sums is None:
            return sum_over_time(self.spikes(), scale)
        return self.sums[self.row]


@dataclass(frozen=True)
class Batches:
    """One data set per network, all of one size; networks may share a data set.

    ``bits`` uint8 (rows, steps, bytes) of all networks; ``row`` int64, the row of each sample,
    ``target``, its true class, int64, and ``ipd_rad`` float64, all (networks, samples). If made,
    ``sums``: spikes weighted by time and summed, float32 (rows, fibres), and ``trains``:
    ``bits`` packed along time, uint8 (rows, fibres, bytes).
    """

    bits: Tensor
    row: Tensor
    target: Tensor
    ipd_rad: Tensor
    fibres: int
    sums: Tensor | None = None
    trains: Tensor | None = None

    @classmethod
    def from_data_sets(
        cls, data: Sequence[DataSet], classes: int, device: torch.device
    ) -> "Batches":
        """From one data set for each network, all of one size."""
        ipd_rad = np.stack([each.trials.ipd_rad for each in data])
        bits = np.concatenate([each.spikes.bits for each in data])
        return cls(
            torch.from_numpy(bits).to(device),
            torch.arange(len(bits), device=device).view(ipd_rad.shape),
            torch.from_numpy(ipd_class(ipd_rad, classes)).to(device),
            torch.from_numpy(ipd_rad).to(device),
            data[0].spikes.fibres,
        )

    @property
    def networks(self) -> int:
        """Number of networks."""
        return self.row.shape[0]

    @property
    def samples(self) -> int:
        """Number of samples of each network."""
        return self.row.shape[1]

    def select(self, networks: list[int]) -> "Batches":
        """The data of some of the networks, some of them perhaps twice; no bits are copied."""
        return replace(
            self,
            row=self.row[networks],
            target=self.target[networks],
            ipd_rad=self.ipd_rad[networks],
        )

    def with_sums(self, scale: Tensor) -> "Batches":
        """The same with the sum over time of every sample's spikes; weighted by ``scale``."""
        parts = torch.split(self.bits, UNPACKED_SAMPLES)
        sums = [sum_over_time(unpack_bits(part, self.fibres)[None], scale)[0] for part in parts]
        return replace(self, sums=torch.cat(sums))

    def each(self, size: int, order: Tensor | None = None, epoch: int = 0) -> Iterator[Batch]:
        """Batches of ``size`` samples of each network; the last one may be smaller.

        ``order``: int64 (networks, samples), each network's own order of its samples.
        """
        row, target, ipd_rad = self.row, self.target, self.ipd_rad
        if order is not None:
            row, target, ipd_rad = (each.gather(1, order) for each in (row, target, ipd_rad))
        for start in range(0, self.samples, size):
            chosen = slice(start, start + size)
            # contiguous, as the native core requires
            yield Batch(
                self.bits,
                row[:, chosen].contiguous(),
                target[:, chosen],
                ipd_rad[:, chosen],
                self.fibres,
                self.sums,
                self.trains,
                epoch,
            )

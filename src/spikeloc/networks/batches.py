"""The data sets of an ensemble of networks, as bits on the device that trains them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from spikeloc.networks.network import sum_over_time, unpack_bits
from spikeloc.stimulus.generator import DataSet, ipd_class

UNPACKED_SAMPLES = 64  # at a time: a float takes 32 times the memory of a bit


@dataclass(frozen=True)
class Batch:
    """Some samples of each network's data set, left where they are.

    ``bits`` uint8 (rows, steps, bytes), of which ``row`` int64 (networks, size) are the samples;
    ``target`` their true class, int64, and ``ipd_rad`` float64, (networks, size). ``epoch``: in
    which they are shown; their noise is another one in each.
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
    """One data set a network, all of one size; some networks may have the same one.

    ``bits`` uint8 (rows, steps, bytes) of all networks, ``row`` int64 where each sample is,
    ``target`` the true class, int64, and ``ipd_rad`` float64, all (networks, samples). ``sums``:
    spikes weighted by time and summed, float32 (rows, fibres), and ``trains``: those of ``bits``
    packed along time, uint8 (rows, fibres, bytes), if they have been made.
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
        """Put data sets behind each other, one for each network."""
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
        """Samples of each network."""
        return self.row.shape[1]

    def select(self, networks: list[int]) -> "Batches":
        """The data of some of the networks; one that is named twice is not copied."""
        return replace(
            self,
            row=self.row[networks],
            target=self.target[networks],
            ipd_rad=self.ipd_rad[networks],
        )

    def with_sums(self, scale: Tensor) -> "Batches":
        """The same with every sample's spikes summed over time, once for all batches."""
        parts = torch.split(self.bits, UNPACKED_SAMPLES)
        sums = [sum_over_time(unpack_bits(part, self.fibres)[None], scale)[0] for part in parts]
        return replace(self, sums=torch.cat(sums))

    def each(self, size: int, order: Tensor | None = None, epoch: int = 0) -> Iterator[Batch]:
        """Batches of up to ``size`` samples of each network; the last one holds what is left.

        ``order``: (networks, samples), each network's own order; without it the samples' own.
        """
        row, target, ipd_rad = self.row, self.target, self.ipd_rad
        if order is not None:
            row, target, ipd_rad = (each.gather(1, order) for each in (row, target, ipd_rad))
        for start in range(0, self.samples, size):
            chosen = slice(start, start + size)
            # whole in memory: the native core takes nothing else
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

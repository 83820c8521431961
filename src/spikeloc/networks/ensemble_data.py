"""The spikes and data sets of an ensemble of networks, as bits on the device that computes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import torch
from torch import Tensor

from spikeloc.config.parameters import Backend
from spikeloc.stimulus.classes import ipd_class
from spikeloc.stimulus.dataset import LocalisationDataset
from spikeloc.stimulus.generator import DataSet, Recipe

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
class PackedSpikes:
    """Input spikes of some samples of each network, one bit each; networks may share samples.

    ``bits`` uint8 (rows, steps, bytes), as in :class:`spikeloc.stimulus.spike_trains.SpikeTrains`,
    of which the rows ``row`` int64 (networks, samples) are the samples; ``fibres``: number of
    inputs; ``epoch``: in which the samples are shown, since their noise differs between epochs.

    If made, ``sums``: spikes weighted by time and summed, float32 (rows, fibres), and ``trains``:
    ``bits`` packed along time, uint8 (rows, fibres, bytes).
    """

    bits: Tensor
    row: Tensor
    fibres: int
    epoch: int = 0
    sums: Tensor | None = None
    trains: Tensor | None = None

    @property
    def steps(self) -> int:
        """Number of time steps."""
        return self.bits.shape[1]

    def take(self, row: Tensor, epoch: int = 0) -> Self:
        """Other samples of the same bits, which are not copied."""
        return replace(self, row=row, epoch=epoch)

    def unpacked(self) -> Tensor:
        """Spikes as 0. or 1., float32 (networks, samples, steps, fibres)."""
        return unpack_bits(self.bits[self.row], self.fibres)

    def summed(self, scale: Tensor) -> Tensor:
        """Spikes weighted by time and summed, float32 (networks, samples, fibres)."""
        if self.sums is None:
            return sum_over_time(self.unpacked(), scale)
        return self.sums[self.row]

    def with_sums(self, scale: Tensor) -> Self:
        """The same with the sum over time of every row's spikes, weighted by ``scale``."""
        parts = torch.split(self.bits, UNPACKED_SAMPLES)
        sums = [sum_over_time(unpack_bits(part, self.fibres)[None], scale)[0] for part in parts]
        return replace(self, sums=torch.cat(sums))

    def with_trains(self) -> Self:
        """The same with the spike trains of each fibre, for gradients in the native core."""
        from spikeloc.native.hidden import spike_trains  # can be imported only if it was built

        return replace(self, trains=spike_trains(self.bits, self.fibres))


@dataclass(frozen=True)
class Batch:
    """Some samples of each network: their ``spikes``, true class ``target`` int64, and ``ipd_rad``
    float64, both (networks, samples)."""

    spikes: PackedSpikes
    target: Tensor
    ipd_rad: Tensor


@dataclass(frozen=True)
class EnsembleData:
    """One data set per network, all of one size; networks may share a data set.

    ``spikes``, ``target`` and ``ipd_rad`` as in :class:`Batch`, of all samples; ``recipes``: what
    each network's data set was made from; ``classes``: number of classes of IPD.
    """

    spikes: PackedSpikes
    target: Tensor
    ipd_rad: Tensor
    recipes: Sequence[Recipe | None]
    classes: int

    @classmethod
    def from_data_sets(cls, data: Sequence[DataSet], classes: int, device: torch.device) -> Self:
        """From one data set for each network, all of one size; a shared one is stored once.

        Raises:
            ValueError: data sets differ in size.
        """
        if len({each.spikes.bits.shape for each in data}) > 1:
            raise ValueError(
                "data: sets of an ensemble must have as many samples, steps and fibres"
            )
        distinct = {id(each): each for each in data}
        bits = torch.from_numpy(np.concatenate([each.spikes.bits for each in distinct.values()]))
        samples = len(data[0].trials)
        place = torch.tensor([list(distinct).index(id(each)) for each in data])
        row = place[:, None] * samples + torch.arange(samples)
        ipd_rad = np.stack([each.trials.ipd_rad for each in data])
        return cls(
            PackedSpikes(bits.to(device), row.to(device), data[0].spikes.fibres),
            torch.from_numpy(ipd_class(ipd_rad, classes)).to(device),
            torch.from_numpy(ipd_rad).to(device),
            [each.recipe for each in data],
            classes,
        )

    @property
    def networks(self) -> int:
        """Number of networks."""
        return self.target.shape[0]

    @property
    def samples(self) -> int:
        """Number of samples of each network."""
        return self.target.shape[1]

    def select(self, networks: list[int]) -> Self:
        """The data of some of the networks, some of them perhaps twice; no bits are copied."""
        return replace(
            self,
            spikes=self.spikes.take(self.spikes.row[networks]),
            target=self.target[networks],
            ipd_rad=self.ipd_rad[networks],
            recipes=[self.recipes[i] for i in networks],
        )

    def map_spikes(self, function: Callable[[PackedSpikes], PackedSpikes]) -> Self:
        """The same with a function applied to the spikes, such as a network's ``prepare``."""
        return replace(self, spikes=function(self.spikes))

    def fresh(self, epoch: int, backend: Backend = "auto", phases: bool = False) -> Self:
        """New samples by the same recipes, for an epoch (from 1) with stimuli of its own, or with
        starting ``phases`` of its own: :meth:`spikeloc.stimulus.generator.Recipe.in_epoch`.

        Raises:
            ValueError: samples were not made by a recipe.
        """
        if None in self.recipes:
            raise ValueError("data: fresh stimuli need data sets that were made by a recipe")
        made = {each: each.in_epoch(epoch, backend, phases) for each in self.recipes if each}
        data = [made[each] for each in self.recipes if each]
        return self.from_data_sets(data, self.classes, self.target.device)

    def batches(self, size: int, order: Tensor | None = None, epoch: int = 0) -> Iterator[Batch]:
        """Batches of ``size`` samples of each network; the last one may be smaller.

        ``order``: int64 (networks, samples), each network's own order of its samples.
        """
        row, target, ipd_rad = self.spikes.row, self.target, self.ipd_rad
        if order is not None:
            row, target, ipd_rad = (each.gather(1, order) for each in (row, target, ipd_rad))
        for start in range(0, self.samples, size):
            chosen = slice(start, start + size)
            # contiguous, as the native core requires
            spikes = self.spikes.take(row[:, chosen].contiguous(), epoch)
            yield Batch(spikes, target[:, chosen], ipd_rad[:, chosen])


Data = EnsembleData | LocalisationDataset | Sequence[LocalisationDataset]

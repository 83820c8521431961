"""The data sets of a stack of networks, as bits on the device that trains them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from spikeloc.network import unpack_bits
from spikeloc.stimulus import DataSet, ipd_class


@dataclass(frozen=True)
class Batches:
    """One data set a network, all of one size.

    ``bits`` uint8 (networks, samples, steps, bytes), ``target`` the true class, int64, and
    ``ipd_rad`` float64, both (networks, samples).
    """

    bits: Tensor
    target: Tensor
    ipd_rad: Tensor
    fibres: int

    @classmethod
    def stack(cls, data: Sequence[DataSet], classes: int, device: torch.device) -> "Batches":
        """Put the data sets of all networks beside each other."""
        ipd_rad = np.stack([each.trials.ipd_rad for each in data])
        return cls(
            torch.from_numpy(np.stack([each.spikes.bits for each in data])).to(device),
            torch.from_numpy(ipd_class(ipd_rad, classes)).to(device),
            torch.from_numpy(ipd_rad),
            data[0].spikes.fibres,
        )

    @property
    def networks(self) -> int:
        """Number of networks."""
        return self.bits.shape[0]

    @property
    def samples(self) -> int:
        """Samples of each network."""
        return self.bits.shape[1]

    def select(self, networks: list[int]) -> "Batches":
        """The data of some of the networks."""
        if networks == list(range(self.networks)):
            return self
        return Batches(
            self.bits[networks], self.target[networks], self.ipd_rad[networks], self.fibres
        )

    def each(self, size: int, order: Tensor | None = None) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of spikes (networks, size, steps, fibres) and true classes (networks, size).

        ``order``: (networks, samples), each network's own order; without it the samples' own. The
        last batch holds what is left.
        """
        row = torch.arange(self.networks, device=self.bits.device)[:, None]
        for start in range(0, self.samples, size):
            if order is None:
                bits = self.bits[:, start : start + size]
                target = self.target[:, start : start + size]
            else:
                chosen = order[:, start : start + size]
                bits, target = self.bits[row, chosen], self.target[row, chosen]
            yield unpack_bits(bits, self.fibres), target

"""Stimuli as a data set of torch, and the order in which training shows them."""

import operator
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from spikeloc.config.base import MAX_SEED, check_range
from spikeloc.config.network_ids import stream_name
from spikeloc.config.parameters import MAX_SAMPLES, Backend, StimulusParameters
from spikeloc.io.randomness import permutation
from spikeloc.stimulus.classes import ipd_class
from spikeloc.stimulus.generator import DataSet, make_data_set
from spikeloc.stimulus.spike_trains import SpikeTrains


class LocalisationDataset(Dataset[tuple[Tensor, Tensor]]):
    """Input spikes and the class of the interaural phase difference (IPD) that evoked them:
    docs/model.md, "Stimulus"; docs/model.md, "Classes and scores".

    IPDs and starting phases are drawn, or those that you choose.

    Item i is ``(spikes, target)``: 0 or 1, float32 (steps, fibres), and the class, int64. Any
    sample alone is the same as in its set, whatever the number of samples. ``spikes``,
    ``ipd_rad``, ``phase_cycles`` and ``targets`` are those of all samples.

    Args:
        stimulus: as in a config's ``stimulus:``.
        samples: how many.
        seed: of the random streams.
        purpose: names the streams: "training", "validation" and "test" are those of the paper.
        classes: number of classes; None: the target is the IPD in radians, float32.
        backend: "auto", "native" or "reference": what draws the spikes; the bits are the same.
        ipd_rad: IPD of all samples in radians, or of each one, (samples,), from -pi/2 to pi/2.
        phase_cycles: their starting phase in cycles of the tone, likewise.

    Raises:
        ValueError: an argument is out of range; the message names it.
    """

    def __init__(
        self,
        stimulus: StimulusParameters | None = None,
        samples: int = 4096,
        seed: int = 0,
        purpose: str = "training",
        classes: int | None = 12,
        backend: Backend = "auto",
        ipd_rad: npt.ArrayLike | None = None,
        phase_cycles: npt.ArrayLike | None = None,
    ) -> None:
        if classes is not None:
            check_range("classes", classes, 2, 255)
        self.stimulus = StimulusParameters() if stimulus is None else stimulus
        self.seed, self.purpose = seed, purpose
        self.classes = classes
        self.data: DataSet = make_data_set(
            self.stimulus, seed, purpose, samples, 0, backend, ipd_rad, phase_cycles
        )
        self.targets = _targets(self.ipd_rad, classes)

    def __repr__(self) -> str:
        name = f"{len(self)} samples of seed {self.seed}, purpose {self.purpose!r}"
        return f"{type(self).__name__}({name}, {self.classes} classes, {self.stimulus!r})"

    @property
    def spikes(self) -> SpikeTrains:
        """All spikes, one bit each."""
        return self.data.spikes

    @property
    def ipd_rad(self) -> npt.NDArray[np.float64]:
        """The IPD of each sample in radians, (samples,)."""
        return self.data.trials.ipd_rad

    @property
    def phase_cycles(self) -> npt.NDArray[np.float64]:
        """The starting phase of each sample in cycles, (samples,)."""
        return self.data.trials.phase_cycles

    def __len__(self) -> int:
        return len(self.data.trials)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        index = operator.index(index)
        if not -len(self) <= index < len(self):
            raise IndexError(f"there are {len(self)} samples, no sample {index}")
        index %= len(self)
        spikes = self.spikes[index : index + 1].unpack()[0]
        return torch.from_numpy(spikes).float(), self.targets[index]


def _targets(ipd_rad: npt.NDArray[np.float64], classes: int | None) -> Tensor:
    if classes is None:
        return torch.from_numpy(ipd_rad).float()
    return torch.from_numpy(ipd_class(ipd_rad, classes))


class EpochSampler(Sampler[int]):
    """The order in which :func:`spikeloc.train` shows samples: another one in each epoch.

    Args:
        data: whose samples.
        seed: of the network.
        network: its number, where a seed has several.
    """

    def __init__(self, data: LocalisationDataset, seed: int = 0, network: int = 1) -> None:
        check_range("seed", seed, 0, MAX_SEED)
        check_range("network", network, 1, MAX_SAMPLES)
        self.samples, self.seed, self.network = len(data), seed, network
        self.epoch = 0

    def __len__(self) -> int:
        return self.samples

    def __iter__(self) -> Iterator[int]:
        order = epoch_order(self.seed, self.network, self.samples, self.epoch)
        self.epoch += 1
        return iter(order.tolist())


def epoch_order(seed: int, network: int, samples: int, epoch: int) -> npt.NDArray[np.int64]:
    """The order of a network's training samples in an epoch (from 0)."""
    return permutation(seed, stream_name("batches", network), samples, index=epoch)

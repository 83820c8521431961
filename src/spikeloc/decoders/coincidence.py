"""The hand-built localiser: banks of coincidence detectors, nothing trained
(docs/model.md, "Hand-built localiser").

For the midpoint delta of each IPD class there is a bank of detectors. Each is driven by one fibre
of the left ear and one of the right, whose delays differ by it, ``psi_left = psi_right + delta``:
both fire in phase at that IPD (Jeffress 1948, doi 10.1037/h0061495). The class whose bank spikes
most often per pair is the estimate, the lowest one in a tie.

A detector is the networks' own neuron (:mod:`spikeloc.networks.neuron`), so the localiser is one of
the spiking networks, with weights made by hand: two fibres reach each hidden unit, both with the
weight w, which is below the threshold of 1 alone and above it together, ``w < 1 < 2 w``.

Spikes of one ear add up over time as well: one in every bin takes the potential towards
``w / (1 - alpha)`` and never beyond it. So one ear alone can never fire a detector if, and in a
stimulus that is long enough only if, ``w <= 1 - alpha``; with ``w > 1/2`` that takes a time
constant below ``dt / ln 2``, 1.44 ms in bins of 1 ms. Other detectors also fire at several spikes
of one ear in quick succession.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import one_hot

from spikeloc.config.parameters import Backend, NetworkParameters, StimulusParameters
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.neuron import THRESHOLD, decay
from spikeloc.networks.spiking_network import SpikingNetwork

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Pairs of fibres, bank after bank: the fibre of the ``left`` and of the ``right`` ear (0 to
    N - 1) and the class that its ``bank`` stands for, all (pairs,)."""

    left: Integers
    right: Integers
    bank: Integers

    def __len__(self) -> int:
        return len(self.bank)

    def take(self, chosen: Integers) -> "Pairs":
        """Some of the pairs."""
        return Pairs(self.left[chosen], self.right[chosen], self.bank[chosen])

    def spread(self, most: int) -> Integers:
        """Which pairs make banks of at most ``most``, evenly spread over each bank's delays."""
        sizes = np.bincount(self.bank)
        starts = np.cumsum(sizes) - sizes
        taken = [
            start + (2 * np.arange(count) + 1) * size // (2 * count)
            for start, size, count in zip(starts, sizes, np.minimum(sizes, most), strict=True)
        ]
        return np.concatenate(taken)


def delay_pairs(fibres_per_ear: int, classes: int) -> Pairs:
    """Every pair whose delays differ by the midpoint of a class, to the nearest fibre.

    Of 100 fibres an ear, 92 pairs differ by 7.5 degrees and 9 by 82.5.
    """
    banks = []
    for bank in range(classes):
        # the midpoint in steps between fibres, from whole numbers: that of -delta is its negative
        lag = round((2 * bank + 1 - classes) * (fibres_per_ear - 1) / classes)
        fibre = np.arange(fibres_per_ear - abs(lag))
        banks.append((fibre + max(lag, 0), fibre + max(-lag, 0), np.full(len(fibre), bank)))
    return Pairs(*(np.concatenate(parts) for parts in zip(*banks, strict=True)))


def needs_both_ears(weight: float, tau_ms: float, time_step_ms: float) -> bool:
    """Whether no spikes of one ear alone, however many, can make a detector fire."""
    return weight <= THRESHOLD * (1 - decay(tau_ms, time_step_ms))


def localiser(
    pairs: Pairs,
    weight: float,
    tau_ms: float,
    stimulus: StimulusParameters,
    backend: Backend = "auto",
) -> SpikingNetwork:
    """The localiser as a network: W1 joins two fibres, W2 a bank's detectors."""
    unit = torch.arange(len(pairs))
    w1 = torch.zeros(stimulus.inputs, len(pairs))
    w1[torch.from_numpy(pairs.left), unit] = weight
    w1[stimulus.fibres_per_ear + torch.from_numpy(pairs.right), unit] = weight
    w2 = one_hot(torch.from_numpy(pairs.bank)).to(w1.dtype)
    parameters = NetworkParameters(tau_ms=tau_ms)
    return SpikingNetwork(parameters, stimulus, 0, backend, {"w1": w1, "w2": w2})


@torch.no_grad()
def count_spikes(network: SpikingNetwork, data: EnsembleData) -> Integers:
    """How often each detector spikes in each sample (data sets, samples, pairs)."""
    copies = network.as_ensemble()
    copies.keep_([0] * data.networks)
    counts = []
    for batch in data.batches(copies.evaluation_batch(data.spikes)):
        made = copies(batch.spikes).hidden_counts
        assert made is not None
        counts.append(made.to(torch.int64))
    return torch.cat(counts, dim=1).numpy()


def spikes_per_pair(counts: Integers, pairs: Pairs) -> Floats:
    """Mean over each bank (..., classes) of the detectors' counts (..., pairs)."""
    sizes = np.bincount(pairs.bank)
    return np.add.reduceat(counts, np.cumsum(sizes) - sizes, axis=-1) / sizes


def estimated_class(per_pair: Floats) -> Integers:
    """The class whose bank spikes most often per pair (...,), the lowest in a tie."""
    return per_pair.argmax(axis=-1)

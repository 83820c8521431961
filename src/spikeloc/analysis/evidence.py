"""When in the stimulus cycle a network decides (docs/model.md, "Analysis of trained networks").

Evidence is the difference of two logits: of the class that a network ends up with and of its
runner-up. It builds up over a trial, and what each time step adds is counted in two ways that have
the same sum: as the readout's potentials (``evidence``), and, before the readout's leak spreads
it, as the hidden spikes that they come from (``evidence_spikes``).

The phase is the mean of both ears' and of their fibres' delays, so that at 0 degrees the summed
input peaks and at 180 degrees it has its trough. The hidden units see each input after a step of
time, and their leak delays them further; nothing is corrected for that.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from torch import Tensor

from spikeloc.config.parameters import StimulusParameters
from spikeloc.networks.network import NetworkOutput
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.generator import Trials, time_s

PHASE_BINS = 24
QUANTITIES = ("evidence", "evidence_spikes", "hidden_spikes")

Floats = npt.NDArray[np.float64]


def bin_centres_deg() -> Floats:
    """Phases (bins,) in the middle of the bins, -180 to 180 degrees from the input's peak."""
    return np.arange(0.5, PHASE_BINS) * (360 / PHASE_BINS) - 180


def phase_bins(stimulus: StimulusParameters, trials: Trials) -> npt.NDArray[np.int64]:
    """Bin (samples, steps) that the mean phase of both ears is in at each time step."""
    cycles = stimulus.frequency_hz * time_s(stimulus) + trials.phase_cycles[:, None]
    mean_delay = math.radians((stimulus.fibre_delay_min_deg + stimulus.fibre_delay_max_deg) / 2)
    peak = math.pi / 2
    beyond_peak_rad = trials.ipd_rad[:, None] / 2 + mean_delay - peak
    turns = (cycles + beyond_peak_rad / (2 * math.pi) + 0.5) % 1
    return np.minimum((turns * PHASE_BINS).astype(np.int64), PHASE_BINS - 1)


def evidence_by_step(network: SpikingNetwork, output: NetworkOutput) -> dict[str, Tensor]:
    """What each time step adds, (networks, samples, steps) by name, as :data:`QUANTITIES` says.

    Raises:
        ValueError: the output's hidden spikes were not recorded.
    """
    potentials = network.output_potentials(output)
    hidden = output.hidden_spikes
    assert hidden is not None  # output_potentials has refused others
    scale = network.step_weights(hidden.shape[2], hidden)
    first_two = output.logits.topk(2, dim=2).indices
    return {
        "evidence": network.logit_scale * _margin(potentials, first_two),
        "evidence_spikes": scale * _margin(hidden @ network.w2[:, None], first_two),
        "hidden_spikes": hidden.sum(3),
    }


def _margin(by_class: Tensor, first_two: Tensor) -> Tensor:
    """Of the first class over the second, from (networks, samples, steps, classes)."""
    chosen = first_two[:, :, None].expand(*by_class.shape[:3], 2)
    first, second = by_class.gather(3, chosen).unbind(3)
    return first - second


@dataclass
class CycleSums:
    """Sums over trials and time steps by phase: a quantity's (networks, bins), and how many time
    steps fell into each bin."""

    totals: dict[str, Floats]
    steps: Floats

    @classmethod
    def empty(cls, networks: int) -> "CycleSums":
        """Before the first trial."""
        shape = (networks, PHASE_BINS)
        return cls({name: np.zeros(shape) for name in QUANTITIES}, np.zeros(shape))

    def add(self, bins: npt.NDArray[np.int64], by_step: dict[str, Tensor]) -> None:
        """Add trials: the bin of each step and what it added, both (networks, samples, steps)."""
        networks = len(self.steps)
        cell = (bins + PHASE_BINS * np.arange(networks)[:, None, None]).ravel()
        size = networks * PHASE_BINS
        self.steps += np.bincount(cell, minlength=size).reshape(networks, -1)
        for name, values in by_step.items():
            weights = values.double().numpy().ravel()
            self.totals[name] += np.bincount(cell, weights, size).reshape(networks, -1)

    def density(self, name: str) -> Floats:
        """Mean of a quantity at each phase, relative to that over the cycle: 1 everywhere if it
        does not depend on the phase; NaN for a network that has none of it."""
        mean = self.totals[name] / self.steps
        overall = mean.mean(axis=1, keepdims=True)
        return np.divide(mean, overall, out=np.full(mean.shape, np.nan), where=overall > 0)

    def table(self) -> pd.DataFrame:
        """Long table: ``network_index`` in the ensemble, phase, and each quantity's density."""
        networks = len(self.steps)
        columns = {name: self.density(name).ravel() for name in self.totals}
        network = np.arange(networks).repeat(PHASE_BINS)
        phase = np.tile(bin_centres_deg(), networks)
        return pd.DataFrame({"network_index": network, "phase_deg": phase} | columns)

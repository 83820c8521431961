"""Whether hidden units detect coincidence or cancel one ear by the other, and what makes peaks and
dips of it (docs/model.md, "Coincidence or cancellation")."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.analysis.tuning import Floats
from spikeloc.config.parameters import StimulusParameters
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.generator import Trials, auditory_fibres, spike_probability

PHASES = 24  # over which the probability of a spike is averaged
FITTED = ["kind", "centre_deg", "height"]
COMPUTED = ["mean_potential", "in_phase_ipd_deg"]


def in_phase_ipd_deg(w1: npt.NDArray[np.floating], delay_rad: Floats) -> Floats:
    """The IPD at which the drives that both ears' weights make from the tone are in phase,
    (hidden,), -180 to 180 degrees.

    w1: (inputs, hidden); delay_rad: of the fibres (ears, fibres). The drive of an ear has the phase
    of ``sum_j w_j exp(i psi_j)``, plus the IPD in the right ear.
    """
    turning = np.exp(1j * delay_rad)[..., None] * w1.reshape(*delay_rad.shape, -1)
    left, right = turning.sum(axis=1)
    return np.degrees(np.angle(left * right.conj()))


def mean_potential(
    w1: npt.NDArray[np.floating], stimulus: StimulusParameters, seed: int, alpha: float
) -> Floats:
    """The mean potential (hidden,) that the inputs would cause without spikes and resets, in units
    of the threshold: ``sum_j w_j p_j / (1 - alpha)`` with the mean probability of a spike."""
    phases = Trials(np.zeros(PHASES), np.arange(PHASES) / PHASES)
    probability = spike_probability(stimulus, phases, auditory_fibres(stimulus, seed))
    return probability.mean(axis=(0, 1)) @ w1 / (1 - alpha)


def binaural_units(
    network: SpikingNetwork, stimulus: StimulusParameters, units: pd.DataFrame
) -> pd.DataFrame:
    """One row for each hidden unit of an ensemble: ``network_index``, ``unit`` (from 0),
    ``mean_potential``, ``in_phase_ipd_deg``, and its tuning. None with divisive inhibition, whose
    weights are not all that the inputs do.

    units: :func:`spikeloc.analysis.tuning.unit_table` of the ensemble.
    """
    hidden = units[units["layer"] == "hidden"].reset_index(drop=True)
    rows = hidden[["network_index", "unit", *FITTED]]
    if network.divides:
        return rows.assign(**dict.fromkeys(COMPUTED, np.nan))[:0]
    potential, in_phase = [], []
    weights = network.w1.detach().numpy().astype(np.float64)
    for w1, network_id in zip(weights, network.network_ids, strict=True):
        delay_rad = auditory_fibres(stimulus, network_id.seed).delay_rad
        potential.append(mean_potential(w1, stimulus, network_id.seed, network.alpha))
        in_phase.append(in_phase_ipd_deg(w1, delay_rad))
    made = map(np.concatenate, (potential, in_phase))
    return rows.assign(**dict(zip(COMPUTED, made, strict=True)))

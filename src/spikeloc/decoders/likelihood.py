"""How likely the spikes of an ear are for each phase of the tone there
(docs/model.md, "Ideal observer").

Spikes are independent Bernoulli draws: with ``beta`` the tone's phase in the ear at t = 0 (the
starting phase in the left ear, plus the IPD in the right one), and S = 0 or 1 in each bin,
``l(beta) = sum S log p(beta) + (1 - S) log(1 - p(beta))``, a matrix product of the spikes with
a table of ``log p - log(1 - p)`` for every bin and phase, plus a term without spikes.
"""

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from spikeloc.config.parameters import StimulusParameters
from spikeloc.stimulus.generator import BIN_QUADRATURE, auditory_fibres, time_s
from spikeloc.stimulus.spike_jitter import jittered_envelope, polynomial
from spikeloc.stimulus.spike_trains import SpikeTrains

# Stands for the logarithm of zero, which times zero spikes would not be a number. No spike is
# ever drawn where p < 2**-32, that is log p < -22: a phase that needs one is out of the question.
LOG_FLOOR = -1000.0
STEPS_AT_ONCE = 10


def log_likelihood(
    stimulus: StimulusParameters, seed: int, spikes: SpikeTrains, phase_rad: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor]:
    """Log likelihood (samples, phases) of each ear's spikes, left and right, in nats.

    Args:
        stimulus: what evoked the spikes.
        seed: of the fibres.
        spikes: of both ears, left before right.
        phase_rad: phases of the tone at t = 0, (phases,), float64, of each ear's own.
    """
    fibres, period = stimulus.fibres_per_ear, period_steps(stimulus)
    delays, present = _fibres(stimulus, seed)
    left, right = (
        torch.zeros(len(spikes.bits), len(phases), dtype=torch.float64) for phases in phase_rad
    )
    for first in range(0, period, STEPS_AT_ONCE):
        steps = np.arange(first, min(first + STEPS_AT_ONCE, period))
        counts = _counts(spikes, steps, period)
        repeats = torch.tensor([len(range(step, stimulus.steps, period)) for step in steps])
        ears = (counts[..., :fibres], counts[..., fibres:])
        if stimulus.fibres_dropped:
            ears = (ears[0][..., present[0]], ears[1][..., present[1]])
        for total, own, phases, delay in zip((left, right), ears, phase_rad, delays, strict=True):
            log_p, log_q = log_probabilities(stimulus, steps, phases, delay)
            total += (log_q.sum(1) * repeats[:, None]).sum(0)
            total.addmm_(own.flatten(1).double(), (log_p - log_q).flatten(0, 1))
    return left, right


def _fibres(stimulus: StimulusParameters, seed: int) -> tuple[list[Tensor], npt.NDArray[np.bool_]]:
    """Delays of each ear's fibres that are not dropped, and which these are (ears, fibres)."""
    delay, present = auditory_fibres(stimulus, seed)
    if stimulus.delay_jitter_deg:
        delays = list(torch.from_numpy(delay))
    else:
        # torch's: the last bits differ from those of numpy, and so would results
        first = math.radians(stimulus.fibre_delay_min_deg)
        last = math.radians(stimulus.fibre_delay_max_deg)
        count = stimulus.fibres_per_ear
        delays = [torch.linspace(first, last, count, dtype=torch.float64)] * 2
    if stimulus.fibres_dropped:
        delays = [own[here] for own, here in zip(delays, present, strict=True)]
    return delays, present


def log_probabilities(
    stimulus: StimulusParameters,
    steps: npt.NDArray[np.integer],
    phase_rad: Tensor,
    delay_rad: Tensor,
) -> tuple[Tensor, Tensor]:
    """Logarithms of the probabilities of a spike and of none, (steps, fibres, phases), nats.

    With ``u = (1 + sin theta) / 2 = sin(theta / 2 + pi / 4)**2`` the first is
    ``log(R_max dt) + k log u``: p itself underflows where k is large.
    """
    tone = 2 * math.pi * stimulus.frequency_hz * torch.from_numpy(time_s(stimulus)[steps])
    theta = tone[:, None, None] + delay_rad[:, None] + phase_rad
    if stimulus.bin_probability == "start":
        log_p = _log_probability(stimulus, theta)
    else:
        bin_rad = 2 * math.pi * stimulus.cycles_per_bin
        log_p = torch.stack(
            [
                _log_probability(stimulus, theta + place * bin_rad) + math.log(weight)
                for place, weight in BIN_QUADRATURE
            ]
        ).logsumexp(0)
    log_p.clamp_(min=LOG_FLOOR)
    return log_p, torch.log1p(-log_p.exp()).clamp(min=LOG_FLOOR)


def _log_probability(stimulus: StimulusParameters, theta: Tensor) -> Tensor:
    log_most = math.log(stimulus.spikes_per_bin) if stimulus.spikes_per_bin else LOG_FLOOR
    if stimulus.spike_jitter_ms:
        envelope = torch.sin(theta / 2 + math.pi / 4) ** 2
        left: Tensor = polynomial(jittered_envelope(stimulus), envelope)
        return log_most + left.clamp(min=0).log().clamp(min=LOG_FLOOR)
    log_u = 2 * torch.sin(theta / 2 + math.pi / 4).abs().log()
    return log_most + stimulus.envelope_power * log_u.clamp(min=LOG_FLOOR)


def period_steps(stimulus: StimulusParameters) -> int:
    """After how many steps the probabilities repeat, all steps if they do not within a sample.

    Spikes in bins of equal probability can be counted before they are weighted.
    """
    cycles = np.arange(1, stimulus.steps) * stimulus.cycles_per_bin
    whole = np.flatnonzero(np.isclose(cycles, np.rint(cycles), rtol=0, atol=1e-9))
    return int(whole[0]) + 1 if len(whole) else stimulus.steps


def _counts(spikes: SpikeTrains, steps: npt.NDArray[np.integer], period: int) -> Tensor:
    """Spikes (samples, steps, fibres) at these steps and all that follow them by whole periods."""
    shape = (len(spikes.bits), len(steps), spikes.fibres)
    counts = torch.zeros(shape, dtype=torch.int32)
    for first in range(0, spikes.bits.shape[1], period):
        part = spikes.bits[:, first + steps[0] : first + steps[-1] + 1]
        unpacked = np.unpackbits(part, axis=-1, count=spikes.fibres, bitorder="little")
        counts[:, : part.shape[1]] += torch.from_numpy(unpacked)
    return counts

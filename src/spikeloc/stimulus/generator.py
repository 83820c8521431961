"""From interaural phase difference (IPD) to spikes of the auditory nerve (spec section 1).

Fibre j of an ear has the phase delay ``psi_j = linspace(0, pi/2, N)[j]``. Its phase is
``theta = 2 pi (f t dt + phi0) + psi_j``, plus the IPD in the right ear; inputs 0..N-1 are the left
ear, N..2N-1 the right. It spikes in a bin with probability ``R_max dt (1/2 (1 + sin theta))^k``.

Any sample can be made alone: sample i of a data set depends on the seed, the data set's purpose
("training", "validation", "test") and i only.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spikeloc import native
from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.io.randomness import purpose_key, raw_words, uniform
from spikeloc.stimulus.spike_trains import SpikeTrains

Floats = npt.NDArray[np.float64]

CHUNK_SAMPLES = 4  # so that the probabilities of a chunk stay in the processor's cache


@dataclass(frozen=True)
class Trials:
    """What is presented in each sample: ``ipd_rad`` and ``phase_cycles``, both (samples,)."""

    ipd_rad: Floats
    phase_cycles: Floats

    def __len__(self) -> int:
        return len(self.ipd_rad)

    def __getitem__(self, chosen: slice) -> "Trials":
        return Trials(self.ipd_rad[chosen], self.phase_cycles[chosen])

    def at_phase(self, phase_cycles: float) -> "Trials":
        """The same IPDs, all at one starting phase."""
        return Trials(self.ipd_rad, np.full(len(self), phase_cycles))


@dataclass(frozen=True)
class DataSet:
    """Trials and the spikes that they evoke."""

    trials: Trials
    spikes: SpikeTrains


def draw_trials(
    stimulus: StimulusParameters, seed: int, purpose: str, samples: int, first: int = 0
) -> Trials:
    """Trials ``first`` to ``first + samples`` of a data set.

    IPD ~ U(-pi/2, pi/2). The starting phase ~ U(0, 1) cycles is drawn for each sample or once for
    the data set, as ``stimulus.phase`` says.
    """
    last = first + samples
    ipd = (uniform(seed, f"{purpose}/ipd", last)[first:] - 0.5) * math.pi
    if stimulus.phase == "per_dataset":
        phase = np.repeat(uniform(seed, f"{purpose}/phase", 1), samples)
    else:
        phase = uniform(seed, f"{purpose}/phase", last)[first:]
    return Trials(ipd, phase)


def spike_probability(stimulus: StimulusParameters, trials: Trials) -> Floats:
    """Spike probability (samples, steps, 2N) of every bin.

    The sine comes from the addition theorem, applied to the trial's phase and the time, then to
    that and the fibre's delay. Only additions and multiplications depend on all three, in IEEE
    doubles in the order written here, so that another implementation can give the very same bits.
    """
    start, time, delay = _angles(stimulus, trials)
    sin_start, cos_start = np.sin(start)[:, None, :], np.cos(start)[:, None, :]
    sin_time, cos_time = np.sin(time)[:, None], np.cos(time)[:, None]
    sin_tone = (sin_start * cos_time + cos_start * sin_time)[..., None]  # (samples, T, ear, 1)
    cos_tone = (cos_start * cos_time - sin_start * sin_time)[..., None]
    sine = sin_tone * np.cos(delay)
    sine += cos_tone * np.sin(delay)
    envelope = np.multiply(sine + 1, 0.5, out=sine)
    np.maximum(envelope, 0, out=envelope)  # rounding can leave -1e-16
    probability = _power(envelope, stimulus.envelope_power)
    probability *= stimulus.spikes_per_bin
    return probability.reshape(len(trials), stimulus.steps, stimulus.inputs)


def _angles(stimulus: StimulusParameters, trials: Trials) -> tuple[Floats, Floats, Floats]:
    """The tone's phase at t = 0 in each ear (samples, 2), what time adds to it (steps,), and what
    a fibre's delay adds (fibres,), in radians."""
    time_s = np.arange(stimulus.steps, dtype=np.float64) * (stimulus.time_step_ms / 1000)
    time = 2 * math.pi * stimulus.frequency_hz * time_s
    delay = np.linspace(0, math.pi / 2, stimulus.fibres_per_ear)
    left = 2 * math.pi * trials.phase_cycles
    return np.stack([left, left + trials.ipd_rad], axis=-1), time, delay


def _power(base: Floats, exponent: float) -> Floats:
    """``base ** exponent``; integer exponents by squaring, from the lowest bit upwards."""
    if not float(exponent).is_integer():
        return np.power(base, exponent)
    result = None
    for position, bit in enumerate(reversed(f"{int(exponent):b}")):
        if position:
            base = base * base
        if bit == "1":
            result = base.copy() if result is None else np.multiply(result, base, out=result)
    return np.ones_like(base) if result is None else result


def draw_spikes(
    stimulus: StimulusParameters,
    seed: int,
    purpose: str,
    trials: Trials,
    first: int = 0,
    backend: Backend = "auto",
) -> SpikeTrains:
    """Spikes of trials that are samples ``first``, ``first + 1``, ... of their data set.

    One 32-bit draw per bin and fibre (the lower half of a Philox word first); a spike if
    ``draw < floor(p * 2**32)``. The native core gives the very same bits, for powers that are
    whole numbers; others are left to the reference.
    """
    if stimulus.envelope_power.is_integer() and native.use_native(backend):
        bits = native.draw_spikes(
            _angles(stimulus, trials),
            int(stimulus.envelope_power),
            stimulus.spikes_per_bin,
            (seed, purpose_key(f"{purpose}/spikes")),
            first,
        )
        return SpikeTrains(bits, stimulus.inputs)
    bins = stimulus.steps * stimulus.inputs
    packed = []
    for start in range(0, len(trials), CHUNK_SAMPLES):
        chunk = trials[start : start + CHUNK_SAMPLES]
        threshold = np.floor(spike_probability(stimulus, chunk) * 2.0**32)  # exact as a double
        draws = np.stack(
            [_draws(seed, purpose, bins, first + start + i) for i in range(len(chunk))]
        ).reshape(threshold.shape)
        packed.append(SpikeTrains.pack(draws < threshold).bits)
    return SpikeTrains(np.concatenate(packed), stimulus.inputs)


def _draws(seed: int, purpose: str, count: int, sample: int) -> npt.NDArray[np.uint32]:
    words = raw_words(seed, f"{purpose}/spikes", (count + 1) // 2, sample)
    return words.astype("<u8", copy=False).view("<u4")[:count]


def make_data_set(
    stimulus: StimulusParameters,
    seed: int,
    purpose: str,
    samples: int,
    first: int = 0,
    backend: Backend = "auto",
) -> DataSet:
    """Samples ``first`` to ``first + samples`` of a data set."""
    trials = draw_trials(stimulus, seed, purpose, samples, first)
    return DataSet(trials, draw_spikes(stimulus, seed, purpose, trials, first, backend))


def ipd_class(ipd_rad: Floats, classes: int) -> npt.NDArray[np.int64]:
    """Class of an IPD: ``floor((IPD + pi/2) classes / pi)`` (spec section 2)."""
    index = np.floor((ipd_rad + math.pi / 2) * classes / math.pi).astype(np.int64)
    return np.clip(index, 0, classes - 1)


def class_midpoint_rad(index: npt.NDArray[np.integer] | Floats, classes: int) -> Floats:
    """IPD in the middle of a class."""
    return (np.asarray(index) + 0.5) * (math.pi / classes) - math.pi / 2

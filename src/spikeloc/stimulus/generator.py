"""From the interaural phase difference (IPD) to spikes of the auditory nerve.

Fibre j of an ear has the phase delay ``psi_j = linspace(0, pi/2, N)[j]``. Its phase is
``theta = 2 pi (f t dt + phi0) + psi_j``, plus the IPD in the right ear; inputs 0..N-1 are the left
ear, N..2N-1 the right. It spikes in a bin with probability ``R_max dt (1/2 (1 + sin theta))^k``:
docs/model.md, "Stimulus".

Any sample can be made alone: sample i of a data set depends only on the seed, the purpose of the
data set ("training", "validation", "test") and i.
"""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spikeloc import native
from spikeloc.config.base import MAX_SEED, check_kind, check_range, checked
from spikeloc.config.parameters import MAX_SAMPLES, Backend, StimulusParameters
from spikeloc.io.errors import InputError
from spikeloc.io.randomness import normal, permutation, purpose_key, uint32, uniform
from spikeloc.stimulus.spike_jitter import jittered_envelope, polynomial
from spikeloc.stimulus.spike_trains import SpikeTrains

Floats = npt.NDArray[np.float64]

MAX_CYCLES = 1e6
# Gauss-Legendre quadrature of five points, for the mean over a bin: place in the bin and weight.
# numpy's own may differ in the last bits between machines.
_NEAR, _FAR = (math.sqrt(5 + sign * 2 * math.sqrt(10 / 7)) / 6 for sign in (-1, 1))
_MORE, _LESS = ((322 + sign * 13 * math.sqrt(70)) / 1800 for sign in (1, -1))
BIN_QUADRATURE = (
    (0.5 - _FAR, _LESS),
    (0.5 - _NEAR, _MORE),
    (0.5, 64 / 225),
    (0.5 + _NEAR, _MORE),
    (0.5 + _FAR, _LESS),
)
CHUNK_SAMPLES = 4  # few, so that the probabilities of a chunk stay in the processor's cache


@dataclass(frozen=True)
class Trials:
    """IPD and starting phase of each sample: ``ipd_rad`` and ``phase_cycles``, both (samples,)."""

    ipd_rad: Floats
    phase_cycles: Floats

    def __len__(self) -> int:
        return len(self.ipd_rad)

    def __getitem__(self, chosen: slice) -> "Trials":
        return Trials(self.ipd_rad[chosen], self.phase_cycles[chosen])

    def later(self, cycles: float) -> "Trials":
        """The same trials, with tones that have begun so much earlier."""
        return Trials(self.ipd_rad, self.phase_cycles + cycles)

    def at_phase(self, phase_cycles: float) -> "Trials":
        """The same IPDs, all with one starting phase in cycles."""
        return Trials(self.ipd_rad, np.full(len(self), phase_cycles))


class Recipe(NamedTuple):
    """All that determines a data set: its stimulus, the seed and the purpose that name its random
    streams, and the number of its samples."""

    stimulus: StimulusParameters
    seed: int
    purpose: str
    samples: int

    def make(self, backend: Backend = "auto") -> "DataSet":
        """The data set: :func:`make_data_set`."""
        return make_data_set(*self, backend=backend)

    def in_epoch(self, epoch: int, backend: Backend = "auto", phases: bool = False) -> "DataSet":
        """Other samples for an epoch (from 1), whose random streams have it in their names, or,
        with ``phases``, the same samples at other starting phases: docs/model.md, "Random bits"."""
        fresh = self._replace(purpose=f"{self.purpose}/epoch-{epoch}")
        if not phases:
            return fresh.make(backend)
        phase_cycles = draw_trials(*fresh).phase_cycles
        return make_data_set(*self, backend=backend, phase_cycles=phase_cycles)


@dataclass(frozen=True)
class DataSet:
    """Trials and the spikes that they evoke; ``recipe``: None if they were chosen or altered."""

    trials: Trials
    spikes: SpikeTrains
    recipe: Recipe | None = None


def draw_trials(
    stimulus: StimulusParameters, seed: int, purpose: str, samples: int, first: int = 0
) -> Trials:
    """Trials ``first`` to ``first + samples - 1`` of a data set.

    IPD ~ U(-pi/2, pi/2). The starting phase ~ U(0, 1) cycles is drawn for each sample or once for
    the data set, as ``stimulus.phase`` says: docs/model.md, "Starting phase".
    """
    last = first + samples
    ipd = (uniform(seed, f"{purpose}/ipd", last)[first:] - 0.5) * math.pi
    if stimulus.phase == "per_dataset":
        phase = np.repeat(uniform(seed, f"{purpose}/phase", 1), samples)
    else:
        phase = uniform(seed, f"{purpose}/phase", last)[first:]
    return Trials(ipd, phase)


class Fibres(NamedTuple):
    """The auditory-nerve fibres of a seed: the phase delay ``psi`` of each in radians, and whether
    it spikes at all, both (ears, fibres)."""

    delay_rad: Floats
    present: npt.NDArray[np.bool_]


def auditory_fibres(stimulus: StimulusParameters, seed: int) -> Fibres:
    """The same fibres in all data sets of a seed: docs/model.md, "Stimulus"."""
    count = stimulus.inputs
    ends = (math.radians(stimulus.fibre_delay_min_deg), math.radians(stimulus.fibre_delay_max_deg))
    delay = np.tile(np.linspace(*ends, stimulus.fibres_per_ear), (2, 1))
    if stimulus.delay_jitter_deg:
        deviation = normal(seed, "fibres/delay", count).reshape(delay.shape)
        delay += math.radians(stimulus.delay_jitter_deg) * deviation
    present = np.ones(count, dtype=np.bool_)
    dropped = round(stimulus.fibres_dropped * count)
    present[permutation(seed, "fibres/dropped", count)[:dropped]] = False
    return Fibres(delay, present.reshape(delay.shape))


def time_s(stimulus: StimulusParameters) -> Floats:
    """The time of each step, (steps,)."""
    return np.arange(stimulus.steps, dtype=np.float64) * (stimulus.time_step_ms / 1000)


def spike_probability(stimulus: StimulusParameters, trials: Trials, fibres: Fibres) -> Floats:
    """Spike probability of every bin, (samples, steps, 2N).

    The sine comes from the addition theorem, applied first to the trial's phase and the time, then
    to their sum and the fibre's delay. Only additions and multiplications depend on all three, in
    IEEE doubles in the order written here, so another implementation can give the same bits.
    """
    if stimulus.bin_probability == "mean":
        parts = [
            weight * _probability(stimulus, trials.later(place * stimulus.cycles_per_bin), fibres)
            for place, weight in BIN_QUADRATURE
        ]
        return sum(parts[1:], start=parts[0]) * fibres.present.ravel()
    return _probability(stimulus, trials, fibres) * fibres.present.ravel()


def _probability(stimulus: StimulusParameters, trials: Trials, fibres: Fibres) -> Floats:
    """The spike probability at the start of every bin of fibres that are not dropped."""
    start, time, delay = _angles(stimulus, trials, fibres)
    sin_start, cos_start = np.sin(start)[:, None, :], np.cos(start)[:, None, :]
    sin_time, cos_time = np.sin(time)[:, None], np.cos(time)[:, None]
    sin_tone = (sin_start * cos_time + cos_start * sin_time)[..., None]  # (samples, T, ear, 1)
    cos_tone = (cos_start * cos_time - sin_start * sin_time)[..., None]
    sine = sin_tone * np.cos(delay)
    sine += cos_tone * np.sin(delay)
    envelope = np.multiply(sine + 1, 0.5, out=sine)
    np.maximum(envelope, 0, out=envelope)  # rounding can leave -1e-16
    if stimulus.spike_jitter_ms:
        probability: Floats = polynomial(jittered_envelope(stimulus), envelope)
        np.maximum(probability, 0, out=probability)
    else:
        probability = _power(envelope, stimulus.envelope_power)
    probability *= stimulus.spikes_per_bin
    return probability.reshape(len(trials), stimulus.steps, stimulus.inputs)


def _angles(
    stimulus: StimulusParameters, trials: Trials, fibres: Fibres
) -> tuple[Floats, Floats, Floats]:
    """The tone's phase at t = 0 in each ear (samples, 2), and what the time step (steps,) and the
    delay of a fibre (ears, fibres) add to it, in radians."""
    time = 2 * math.pi * stimulus.frequency_hz * time_s(stimulus)
    left = 2 * math.pi * trials.phase_cycles
    start = np.stack([left, left + trials.ipd_rad], axis=-1)
    return start, time, fibres.delay_rad


def _power(base: Floats, exponent: float) -> Floats:
    """``base ** exponent``; integer exponents by repeated squaring, from the lowest bit on."""
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

    One 32-bit draw per bin and fibre, and a spike if ``draw < floor(p * 2**32)``. The native core
    gives the same bits; it has whole envelope powers and probabilities at the start of a bin only,
    others are computed here. Source: docs/model.md, "Random bits".

    Raises:
        InputError: ``backend`` is "native", and the native core was not built or cannot draw them.
    """
    fibres = auditory_fibres(stimulus, seed)
    at_start = stimulus.bin_probability == "start"
    if not at_start and backend == "native":
        raise InputError("backend: the native core cannot draw spikes with bin_probability: mean")
    if stimulus.envelope_power.is_integer() and at_start and native.use_native(backend):
        bits = native.draw_spikes(
            _angles(stimulus, trials, fibres),
            int(stimulus.envelope_power),
            jittered_envelope(stimulus) if stimulus.spike_jitter_ms else np.empty(0),
            stimulus.spikes_per_bin,
            (seed, purpose_key(f"{purpose}/spikes")),
            first,
        )
        if stimulus.fibres_dropped:
            bits &= np.packbits(fibres.present.ravel(), bitorder="little")
        return SpikeTrains(bits, stimulus.inputs, stimulus.time_step_ms)
    bins = stimulus.steps * stimulus.inputs
    packed = []
    for start in range(0, len(trials), CHUNK_SAMPLES):
        chunk = trials[start : start + CHUNK_SAMPLES]
        threshold = np.floor(
            spike_probability(stimulus, chunk, fibres) * 2.0**32
        )  # exact as a double
        draws = np.stack(
            [uint32(seed, f"{purpose}/spikes", bins, first + start + i) for i in range(len(chunk))]
        ).reshape(threshold.shape)
        packed.append(SpikeTrains.pack(draws < threshold, stimulus.time_step_ms).bits)
    return SpikeTrains(np.concatenate(packed), stimulus.inputs, stimulus.time_step_ms)


def make_data_set(
    stimulus: StimulusParameters,
    seed: int,
    purpose: str,
    samples: int,
    first: int = 0,
    backend: Backend = "auto",
    ipd_rad: npt.ArrayLike | None = None,
    phase_cycles: npt.ArrayLike | None = None,
) -> DataSet:
    """Samples ``first`` to ``first + samples - 1`` of a data set, with IPDs and starting phases
    that are drawn if they are not given.

    Raises:
        InputError: ``backend`` is "native" and the native core was not built.
        ValueError: an argument is out of range; the message names it.
    """
    stimulus = checked("stimulus", stimulus, StimulusParameters)
    check_kind("purpose", purpose, str)
    native.check_backend(backend)
    check_range("seed", seed, 0, MAX_SEED)
    check_range("samples", samples, 1, MAX_SAMPLES)
    check_range("first", first, 0, MAX_SAMPLES)
    trials = draw_trials(stimulus, seed, purpose, samples, first)
    chosen = {}
    if ipd_rad is not None:
        chosen["ipd_rad"] = _chosen("ipd_rad", ipd_rad, samples, math.pi / 2)
    if phase_cycles is not None:
        chosen["phase_cycles"] = _chosen("phase_cycles", phase_cycles, samples, MAX_CYCLES)
    trials = replace(trials, **chosen)
    spikes = draw_spikes(stimulus, seed, purpose, trials, first, backend)
    drawn = not first and not chosen
    return DataSet(trials, spikes, Recipe(stimulus, seed, purpose, samples) if drawn else None)


def _chosen(name: str, values: npt.ArrayLike, samples: int, most: float) -> Floats:
    """Values that were given for all samples, or one for each."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape not in ((), (samples,)):
        raise ValueError(f"{name}: must be one number or {samples}, not of shape {array.shape}")
    if not (abs(array) <= most).all():
        raise ValueError(f"{name}: must be from -{most:g} to {most:g}, not {values!r}")
    return np.broadcast_to(array, samples).copy()

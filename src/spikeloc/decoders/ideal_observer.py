"""The best that any decoder can do: the exact posterior over the IPD
(docs/model.md, "Ideal observer").

The left ear's phase is the starting phase, the right ear's the starting phase plus the IPD, and
the IPD is uniform over -90 to 90 degrees. An observer that knows the starting phase has
``log P(IPD | S) = l_R(phi0 + IPD)`` up to a constant; one that does not sums over it,
``sum_phi exp(l_L(phi) + l_R(phi + IPD))``, a circular cross-correlation. All bins are used, also
the last three, which never reach a network's logits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.decoders.fisher import fisher_information
from spikeloc.decoders.likelihood import log_likelihood
from spikeloc.io.files import digest
from spikeloc.io.randomness import uniform
from spikeloc.stimulus.dataset import LocalisationDataset
from spikeloc.stimulus.generator import DataSet, Floats, make_data_set

PURPOSE = "ideal_observer"
SPACING_RAD = math.radians(0.25)
# Masses that differ by less are the same except for rounding.
TIE = 1e-9
SAMPLES_AT_ONCE = 1000


@dataclass(frozen=True)
class Grid:
    """Phases at which likelihoods are taken; class edges lie in the middle between two IPDs.

    The IPDs are ``-pi/2 + (i + 1/2) d`` with the spacing d, as many in every class, and the left
    ear's phases ``i d``. The right ear's are ``-pi/2 + (i + 1/2) d`` all around the circle, so
    that the left ear's i-th phase plus the j-th IPD is the right ear's (i + j)-th phase.
    """

    classes: int
    per_class: int

    @classmethod
    def for_stimulus(cls, stimulus: StimulusParameters, classes: int) -> "Grid":
        """A spacing of at most 0.25 degrees and one sd of the likelihood of an ear whose fibres
        are all present."""
        whole = stimulus.model_copy(update={"fibres_dropped": 0.0, "delay_jitter_deg": 0.0})
        spacing, information = SPACING_RAD, fisher_information(whole, 0.0).item()
        if information > 0:
            spacing = min(spacing, 1 / math.sqrt(information))
        return cls(classes, math.ceil(math.pi / classes / spacing))

    @property
    def ipds(self) -> int:
        """Number of IPDs, half of the number of phases of an ear."""
        return self.classes * self.per_class

    @property
    def spacing_rad(self) -> float:
        """Distance of neighbours."""
        return math.pi / self.ipds

    def phases_rad(self) -> tuple[Tensor, Tensor]:
        """Phases (2 ipds,) of the left ear and of the right one."""
        left = torch.arange(2 * self.ipds, dtype=torch.float64) * self.spacing_rad
        return left, left + (self.spacing_rad - math.pi) / 2


@dataclass(frozen=True)
class Estimates:
    """What an observer answers, all (samples,): the class with the largest posterior mass, that
    mass, which is how probably the class is right, and the posterior median of the IPD, which has
    the least mean absolute error."""

    estimated: npt.NDArray[np.int64]
    certainty: Floats
    ipd_rad: Floats

    @classmethod
    def joined(cls, parts: Sequence["Estimates"]) -> "Estimates":
        """The answers of all parts behind each other."""
        return cls(
            np.concatenate([part.estimated for part in parts]),
            np.concatenate([part.certainty for part in parts]),
            np.concatenate([part.ipd_rad for part in parts]),
        )


def observed_data(
    stimulus: StimulusParameters, seed: int, samples: int, backend: Backend = "auto"
) -> DataSet:
    """The observer's samples, with a starting phase each whatever ``stimulus.phase`` is, and one
    IPD in each of as many equal parts of -90 to 90 degrees. Each stimulus has draws of its own.

    An observer that knows the phase answers each sample by itself. Where a data set shares one
    phase, its expected accuracy over data sets is therefore the mean over phases drawn for each
    sample, and these tell it more precisely than a few data sets could.
    """
    per_sample = stimulus.model_copy(update={"phase": "per_sample"})
    purpose = f"{PURPOSE}/{digest(stimulus.model_dump(exclude={'phase'}))[:10]}"
    within = uniform(seed, f"{purpose}/ipd", samples)
    ipd_rad = ((np.arange(samples) + within) / samples - 0.5) * math.pi
    return make_data_set(per_sample, seed, purpose, samples, backend=backend, ipd_rad=ipd_rad)


def ideal_observer(data: LocalisationDataset, phase_known: bool = False) -> Estimates:
    """What the best decoder of these spikes answers: docs/model.md, "Ideal observer".

    Args:
        data: as made, since the observer knows its stimulus.
        phase_known: whether it also knows the starting phase of each sample.

    Raises:
        ValueError: the data set has no classes.
    """
    if data.classes is None:
        raise ValueError("data: the observer answers in classes, but classes is None")
    return estimate(data.stimulus, data.data, data.classes, data.seed)[phase_known]


def estimate(
    stimulus: StimulusParameters, data: DataSet, classes: int, seed: int
) -> dict[bool, Estimates]:
    """Answers of the observer that knows the starting phase (True) and of the one that does not.

    The fibres are those of ``seed``. Classes that tie share the samples at random: without
    information that is a guess.
    """
    grid = Grid.for_stimulus(stimulus, classes)
    left, right = log_likelihood(stimulus, seed, data.spikes, grid.phases_rad())
    start_rad = torch.from_numpy(2 * math.pi * data.trials.phase_cycles)
    guess = torch.from_numpy(uniform(seed, f"{PURPOSE}/ties", len(data.trials)))
    found: dict[bool, list[Estimates]] = {True: [], False: []}
    chunks = (torch.split(whole, SAMPLES_AT_ONCE) for whole in (left, right, start_rad, guess))
    for own_left, own_right, own_start, own_guess in zip(*chunks, strict=True):
        known = known_posterior(own_right, own_start, grid)
        unknown = unknown_posterior(own_left, own_right, grid)
        found[True].append(_decide(known, grid, own_guess))
        found[False].append(_decide(unknown, grid, own_guess))
    return {known: Estimates.joined(parts) for known, parts in found.items()}


def known_posterior(right: Tensor, start_rad: Tensor, grid: Grid) -> Tensor:
    """Posterior (samples, ipds) if the starting phase is known, not normalised.

    Args:
        right: log likelihood (samples, 2 ipds) of the right ear's phases.
        start_rad: starting phase of each sample, which lies between two phases of the grid: the
            log likelihood there is that of both, in proportion.
        grid: of phases.
    """
    steps = start_rad[:, None] / grid.spacing_rad
    below = steps.floor()
    index = below.long() + torch.arange(grid.ipds)
    logs = [right.gather(1, (index + ahead) % right.shape[1]) for ahead in (0, 1)]
    log_posterior = torch.lerp(logs[0], logs[1], steps - below)
    return torch.exp(log_posterior - log_posterior.amax(1, keepdim=True))


def unknown_posterior(left: Tensor, right: Tensor, grid: Grid) -> Tensor:
    """Posterior (samples, ipds) if the starting phase is not known, not normalised.

    left, right: log likelihood (samples, 2 ipds) of each ear's phases.
    """
    ears = [torch.fft.rfft(torch.exp(ear - ear.amax(1, keepdim=True))) for ear in (left, right)]
    correlation = torch.fft.irfft(ears[0].conj() * ears[1], n=left.shape[1])
    # rounding leaves tails around zero, some of them negative
    return correlation[:, : grid.ipds].clamp(min=torch.finfo(torch.float64).tiny)


def _decide(posterior: Tensor, grid: Grid, guess: Tensor) -> Estimates:
    mass = posterior.view(-1, grid.classes, grid.per_class).sum(2)
    largest = mass.amax(1, keepdim=True)
    tied = mass >= (1 - TIE) * largest
    rank = tied.cumsum(1)
    chosen = (guess * rank[:, -1]).long() + 1
    estimated = (tied & (rank == chosen[:, None])).long().argmax(1)

    summed = posterior.cumsum(1)
    half = summed[:, -1:] / 2
    index = torch.searchsorted(summed, half)
    within = 1 - (summed.gather(1, index) - half) / posterior.gather(1, index)
    median = (index + within) * grid.spacing_rad - math.pi / 2
    certainty = largest / mass.sum(1, keepdim=True)
    return Estimates(estimated.numpy(), certainty.squeeze(1).numpy(), median.squeeze(1).numpy())

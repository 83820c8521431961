"""Example stimuli at chosen IPDs, to be drawn."""

import math

import numpy as np
import numpy.typing as npt

from spikeloc.config.parameters import StimulusParameters
from spikeloc.stimulus.generator import Trials, draw_spikes

IPDS = 4
PHASES_CYCLES = (0.0, 0.5)


def example_stimuli(stimulus: StimulusParameters, seed: int) -> dict[str, npt.ArrayLike]:
    """One sample at each of four IPDs from -90 to 90 degrees with each of two starting phases.

    Returns:
        ``spikes`` uint8 (8, steps, 2N), ``ipd_rad`` and ``phase_cycles`` (8,), and the number
        ``time_step_ms``.
    """
    ipd = np.tile(np.linspace(-math.pi / 2, math.pi / 2, IPDS), len(PHASES_CYCLES))
    phase_cycles = np.repeat(PHASES_CYCLES, IPDS)
    trials = Trials(ipd, phase_cycles)
    spikes = draw_spikes(stimulus, seed, "examples", trials).unpack()
    return {
        "spikes": spikes.astype(np.uint8),
        "ipd_rad": ipd,
        "phase_cycles": phase_cycles,
        "time_step_ms": stimulus.time_step_ms,
    }

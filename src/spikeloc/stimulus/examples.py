"""Example stimuli at chosen IPDs, to be drawn."""

import math

import numpy as np
import numpy.typing as npt

from spikeloc.config.parameters import StimulusParameters
from spikeloc.stimulus.generator import Trials, draw_spikes

EXAMPLES = 8


def example_stimuli(stimulus: StimulusParameters, seed: int) -> dict[str, npt.ArrayLike]:
    """One sample at each of eight IPDs from -90 to 90 degrees, all with starting phase 0.

    Returns:
        ``spikes`` uint8 (8, steps, 2N), ``ipd_rad`` (8,), and the numbers ``phase_cycles`` and
        ``time_step_ms``.
    """
    ipd = np.linspace(-math.pi / 2, math.pi / 2, EXAMPLES)
    trials = Trials(ipd, np.zeros(EXAMPLES))
    spikes = draw_spikes(stimulus, seed, "examples", trials).unpack()
    return {
        "spikes": spikes.astype(np.uint8),
        "ipd_rad": ipd,
        "phase_cycles": 0.0,
        "time_step_ms": stimulus.time_step_ms,
    }

"""Marks that tell apart experiments with different inhibitory fractions."""

from collections.abc import Mapping

import numpy as np

from spikeloc.plots import style

SHIFT = 0.32


def marks_of(fractions: Mapping[str, float]) -> dict[str, tuple[style.Mark, float]]:
    """Mark and shift from the centre of a row for each experiment, largest fraction first."""
    names = sorted(fractions, key=lambda name: -fractions[name])
    shifts = (np.arange(len(names)) - (len(names) - 1) / 2) * SHIFT
    return {name: (style.OTHERS[i], float(shifts[i])) for i, name in enumerate(names)}

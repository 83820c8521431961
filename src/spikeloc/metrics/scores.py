"""How far off class estimates are, sample by sample, and how they are confused (spec section 2)."""

import numpy as np
import numpy.typing as npt

from spikeloc.stimulus.classes import class_midpoint_rad

Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int64]


def abs_error_deg(ipd_rad: Floats, estimated: Classes, classes: int) -> Floats:
    """Distance of each true IPD from the midpoint of the estimated class, degrees."""
    return np.degrees(np.abs(ipd_rad - class_midpoint_rad(estimated, classes)))


def class_error_deg(true: Classes, estimated: Classes, classes: int) -> Floats:
    """Distance of the midpoints of each true and estimated class, degrees."""
    return np.abs(estimated - true) * (180 / classes)


def confusion_counts(estimated: Classes, true: Classes, classes: int) -> npt.NDArray[np.int64]:
    """How often (networks, estimated, true) came together in (networks, samples)."""
    counts = np.zeros((len(estimated), classes, classes), dtype=np.int64)
    row = np.arange(len(estimated))[:, None]
    np.add.at(counts, (row, estimated, true), 1)
    return counts

"""How far off class estimates are, sample by sample (docs/model.md, "Classes and scores")."""

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

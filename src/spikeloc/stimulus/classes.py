"""Classes of the interaural phase difference (IPD): docs/model.md, "Classes and scores"."""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def ipd_class(ipd_rad: Floats, classes: int) -> npt.NDArray[np.int64]:
    """Class of each IPD, from 0, same shape: ``floor((IPD + pi/2) classes / pi)``."""
    index = np.floor((ipd_rad + math.pi / 2) * classes / math.pi).astype(np.int64)
    return np.clip(index, 0, classes - 1)


def class_midpoint_rad(index: npt.NDArray[np.integer] | Floats, classes: int) -> Floats:
    """IPD in the middle of each class, in radians, same shape."""
    return (np.asarray(index) + 0.5) * (math.pi / classes) - math.pi / 2


def class_midpoints_deg(classes: int) -> Floats:
    """Midpoints of all classes, (classes,), in degrees: exact where 180 / classes is exact."""
    return np.arange(0.5, classes) * (180 / classes) - 90

"""How often each true class was taken for each other one."""

import numpy as np
import numpy.typing as npt

Classes = npt.NDArray[np.int64]


def confusion_counts(estimated: Classes, true: Classes, classes: int) -> npt.NDArray[np.int64]:
    """How often (networks, estimated, true) came together in (networks, samples)."""
    counts = np.zeros((len(estimated), classes, classes), dtype=np.int64)
    network = np.arange(len(estimated))[:, None]
    np.add.at(counts, (network, estimated, true), 1)
    return counts


def confusion_shares(counts: npt.NDArray[np.integer | np.floating]) -> npt.NDArray[np.float64]:
    """Share of each true class (..., estimated, true): columns sum to 1.

    A true class that does not occur has a column of zeros.
    """
    total = counts.sum(axis=-2, keepdims=True)
    return np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)

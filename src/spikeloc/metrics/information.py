"""Mutual information of true and estimated class, from how often they came together."""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def information_bits(counts: npt.ArrayLike) -> Floats:
    """Mutual information in bits of counts (..., estimated, true), corrected for its bias.

    The plug-in estimate I(p) of N samples is too high by about
    ``(cells - rows - columns + 1) / (2 N ln 2)`` bits, with only those counted that occur: the
    correction of Miller (1955, "Note on the bias of information estimates") for each entropy, and
    that of Panzeri & Treves (1996, Network 7:87) with the naive count of responses (reviewed in
    Panzeri et al. 2007, doi 10.1152/jn.00559.2007). Without information the estimate scatters
    around 0, so that it can be negative; with many cells of about one sample some bias is left.

    NaN without samples.
    """
    counted = np.asarray(counts, dtype=np.float64)
    n = counted.sum(axis=(-2, -1))
    cells = np.count_nonzero(counted, axis=(-2, -1))
    rows = np.count_nonzero(counted.sum(axis=-1), axis=-1)
    columns = np.count_nonzero(counted.sum(axis=-2), axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):  # no samples
        bias = (cells - rows - columns + 1) / (2 * n * math.log(2))
        return _moments(counted)[0] - bias


def information_error_bits(counts: npt.ArrayLike) -> Floats:
    """Standard error of the mutual information, bits: the delta method.

    With ``i = log2(p_et / (p_e p_t))`` of each sample, I is the mean of i and its variance
    ``var(i) / N`` to first order.
    """
    counted = np.asarray(counts, dtype=np.float64)
    mean, square = _moments(counted)
    with np.errstate(invalid="ignore"):
        return np.sqrt(np.maximum(square - mean**2, 0) / counted.sum(axis=(-2, -1)))


def _moments(counted: Floats) -> tuple[Floats, Floats]:
    """Mean and mean square of ``log2(p_et / (p_e p_t))`` over samples."""
    with np.errstate(invalid="ignore"):
        p = counted / counted.sum(axis=(-2, -1), keepdims=True)
    independent = p.sum(axis=-1, keepdims=True) * p.sum(axis=-2, keepdims=True)
    bits = np.log2(np.divide(p, independent, out=np.ones(p.shape), where=p > 0))
    return np.sum(p * bits, axis=(-2, -1)), np.sum(p * bits**2, axis=(-2, -1))

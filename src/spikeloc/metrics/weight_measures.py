"""Numbers that describe weight matrices: how many weights are next to zero, and how evenly a matrix
uses its dimensions (docs/model.md, "Classes and scores")."""

import numpy as np
import numpy.typing as npt

NEXT_TO_ZERO = 1e-3  # initial magnitudes reach 0.18 (W1) and 0.29 (W2): 0.5 and 0.3 % of them are


def spectral_entropy(weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """How evenly a signed matrix (..., rows, columns) uses its dimensions, 0 to 1.

    ``H = -sum_i p_i ln p_i / ln n`` with ``p_i = sigma_i / sum sigma`` of its n singular values
    (Li et al. 2023, "Learning better with Dale's law: a spectral perspective", NeurIPS). NaN for a
    matrix of zeros and for one with a single singular value. Rounded to ten decimals: the last bits
    of singular values depend on the processor.
    """
    if min(weights.shape[-2:]) < 2:
        return np.full(weights.shape[:-2], np.nan)
    values = np.linalg.svd(weights.astype(np.float64), compute_uv=False)
    total = values.sum(axis=-1, keepdims=True)
    share = np.divide(values, total, out=np.full(values.shape, np.nan), where=total > 0)
    logarithm = np.log(share, out=np.zeros(share.shape), where=share > 0)
    entropy: npt.NDArray[np.float64] = -(share * logarithm).sum(axis=-1) / np.log(values.shape[-1])
    return entropy.round(10) + 0.0  # never -0


def next_to_zero_percent(weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Percent of the weights (..., rows, columns) whose magnitude is below 0.001."""
    return np.mean(100.0 * (np.abs(weights) < NEXT_TO_ZERO), axis=(-2, -1))

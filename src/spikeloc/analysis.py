"""What trained networks look like (spec section 8)."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import entr

UNUSED_BELOW = 0.5
DEAD_BELOW = 1e-3  # initial magnitudes reach 0.18 (W1) and 0.29 (W2): 0.5 and 0.3 % of them are


def confusion_matrix(counts: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Share of each true class [..., estimated, true]: columns sum to 1.

    A true class that does not occur has a column of zeros.
    """
    total = counts.sum(axis=-2, keepdims=True)
    return np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)


def sort_hidden_units(w1: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
    """Order of the hidden units of W1 (inputs, hidden) that shows its structure, (hidden,).

    By the mean over inputs of ``A w1`` with ``A = [0 .. N-1, 0 .. -(N-1)]``: units that prefer
    long delays in the left ear come last. Units whose largest weight is below 0.5 follow them.
    """
    per_ear = len(w1) // 2
    delay = np.concatenate([np.arange(per_ear), -np.arange(per_ear)])
    position = (delay[:, None] * w1).mean(axis=0)
    unused = w1.max(axis=0) < UNUSED_BELOW
    return np.lexsort((position, unused))


def sorted_matrices(
    weights: Mapping[str, npt.NDArray[np.float64]],
) -> list[npt.NDArray[np.float64]]:
    """``w1`` (inputs, hidden) and ``w2`` (hidden, classes) with their hidden units sorted, and
    their product (inputs, classes)."""
    order = sort_hidden_units(weights["w1"])
    w1, w2 = weights["w1"][:, order], weights["w2"][order]
    return [w1, w2, w1 @ w2]


def spectral_entropy(weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """How evenly a signed matrix (..., rows, columns) uses its dimensions, 0 to 1.

    ``H = -sum_i p_i ln p_i / ln n`` with ``p_i = sigma_i / sum sigma`` of its n singular values
    (Li et al. 2023, "Learning better with Dale's law: a spectral perspective", NeurIPS). NaN for a
    matrix of zeros.

    Raises:
        ValueError: there is only one singular value.
    """
    values = np.linalg.svd(weights.astype(np.float64), compute_uv=False)
    if values.shape[-1] < 2:
        raise ValueError("a single singular value has no entropy")
    total = values.sum(axis=-1, keepdims=True)
    share = np.divide(values, total, out=np.full(values.shape, np.nan), where=total > 0)
    entropy: npt.NDArray[np.float64] = entr(share).sum(axis=-1) / np.log(values.shape[-1])
    return entropy


def dead_percent(weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Percent of the weights (..., rows, columns) that are next to zero, below 0.001."""
    return np.mean(100.0 * (np.abs(weights) < DEAD_BELOW), axis=(-2, -1))

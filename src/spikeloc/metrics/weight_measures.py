"""What an ensemble's weights look like, in numbers of one a network (spec section 7)."""

import numpy as np
import numpy.typing as npt
from scipy.special import entr

from spikeloc.networks.weights import Weights

LAYERS = ("w1", "w2")
DEAD_BELOW = 1e-3  # initial magnitudes reach 0.18 (W1) and 0.29 (W2): 0.5 and 0.3 % of them are
# Weights that are next to zero, and how evenly dimensions are used, before training and after it.
COLUMNS = tuple(
    f"{layer}_{measure}"
    for measure in ("dead_percent", "entropy_start", "entropy")
    for layer in LAYERS
)


def weight_measures(start: Weights, kept: Weights) -> dict[str, npt.NDArray[np.float64]]:
    """The ``COLUMNS`` of each network, (networks,); NaN for a layer that is not there.

    Of the signed matrices: a layer with interneurons has one too. Weights that are not finite are
    taken for zero.
    """
    found = dict.fromkeys(COLUMNS, np.full(len(kept.w1), np.nan))
    for layer in LAYERS:
        before, after = _matrix(start, layer), _matrix(kept, layer)
        if before is None or after is None:
            continue
        found[f"{layer}_dead_percent"] = dead_percent(after)
        if min(after.shape[1:]) < 2:
            continue  # a single singular value has no entropy
        for column, matrix in (("entropy_start", before), ("entropy", after)):
            # a few bits less than there are: how singular values are rounded must not show
            found[f"{layer}_{column}"] = spectral_entropy(matrix).round(10)
    return found


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


def _matrix(weights: Weights, layer: str) -> npt.NDArray[np.float64] | None:
    matrix = weights.w1 if layer == "w1" else weights.w2
    if matrix is None:
        return None
    return np.nan_to_num(matrix.cpu().numpy().astype(np.float64), posinf=0, neginf=0)

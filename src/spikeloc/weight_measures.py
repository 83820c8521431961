"""What a stack's weights look like, in numbers of one a network (spec section 7)."""

import numpy as np
import numpy.typing as npt

from spikeloc.analysis import dead_percent, spectral_entropy
from spikeloc.network import Weights

LAYERS = ("w1", "w2")
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


def _matrix(weights: Weights, layer: str) -> npt.NDArray[np.float64] | None:
    matrix = weights.w1 if layer == "w1" else weights.w2
    if matrix is None:
        return None
    return np.nan_to_num(matrix.cpu().numpy().astype(np.float64), posinf=0, neginf=0)

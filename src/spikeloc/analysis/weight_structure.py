"""The weight matrices of a trained network, its hidden units in an order that shows their structure
(docs/model.md, "Analysis of trained networks")."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

UNUSED_BELOW = 0.5


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

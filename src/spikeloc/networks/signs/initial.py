"""Initial weights other than uniform ones: docs/model.md, "Initial weights"."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from spikeloc.config.layers import LayerParameters
from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.io.randomness import uniform
from spikeloc.networks.signs.layout import presynaptic_signs


def initialise(
    layer: LayerParameters, name: str, drawn: Tensor, network_ids: Sequence[NetworkId]
) -> Tensor:
    """Initial weights of an ensemble, float32 (networks, presynaptic, postsynaptic).

    Only their magnitudes matter if signs are constrained.

    Args:
        layer: says which initialisation.
        name: "w1" or "w2".
        drawn: uniform weights of the same shape, float32.
        network_ids: of the ensemble.
    """
    if layer.initialisation == "uniform":
        return drawn
    each = []
    for weight, network_id in zip(drawn.double().numpy(), network_ids, strict=True):
        inhibitory = presynaptic_signs(layer, name, len(weight), *network_id) < 0
        if layer.initialisation == "balanced":
            each.append(balanced(weight, inhibitory))
        else:
            seed, network = network_id
            numbers = exponential(seed, stream_name(f"weights/{name}/ei", network), weight.shape)
            each.append(column_ei_means(inhibitory)[:, None] * numbers)
    return torch.tensor(np.stack(each), dtype=torch.float32)


def balanced(
    drawn: npt.NDArray[np.float64], inhibitory: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """The drawn weights (presynaptic, postsynaptic) with their rows scaled so that excitatory and
    inhibitory ones each have half of the total magnitude.

    ``inhibitory``: which rows are, (presynaptic,); some but not all.
    """
    half = np.abs(drawn).sum() / 2
    row_total = np.abs(drawn).sum(axis=1)
    scale = np.where(
        inhibitory, half / row_total[inhibitory].sum(), half / row_total[~inhibitory].sum()
    )
    return drawn * scale[:, None]


def column_ei_means(inhibitory: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Mean magnitude of each row (presynaptic,), larger for inhibition if its units are fewer.

    ``sigma_e = [(2 pi - 1) / (2 pi) (n_e + n_e^2 / n_i)]^(-1/2)`` and ``sigma_i = n_e / n_i
    sigma_e`` for n_e excitatory and n_i inhibitory units, weights being exponential: "ColEI" of
    Cornford et al. 2021 ("Learning to live with Dale's principle", ICLR).
    """
    n_i = int(inhibitory.sum())
    n_e = len(inhibitory) - n_i
    sigma_e = ((2 * math.pi - 1) / (2 * math.pi) * (n_e + n_e**2 / n_i)) ** -0.5
    return np.where(inhibitory, n_e / n_i * sigma_e, sigma_e)


def exponential(seed: int, purpose: str, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Exponentially distributed numbers of mean 1, of the given shape."""
    return -np.log1p(-uniform(seed, purpose, math.prod(shape))).reshape(shape)

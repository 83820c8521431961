"""Initial weights: docs/model.md, "Initial weights"."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.parameters import LayerParameters
from spikeloc.io.randomness import exponential, uniform
from spikeloc.networks.signs.layout import presynaptic_signs


def initial_weights(
    layer: LayerParameters, name: str, shape: tuple[int, int], network_ids: Sequence[NetworkId]
) -> Tensor:
    """Weights of an ensemble before training, float32 (networks, presynaptic, postsynaptic).

    Only their magnitudes matter if signs are constrained.

    Args:
        layer: says which initialisation, and its scale.
        name: "w1" or "w2".
        shape: (presynaptic, postsynaptic) units.
        network_ids: of the ensemble.
    """
    drawn = torch.stack([uniform_weights(name, shape, *each) for each in network_ids])
    if layer.initialisation != "uniform":
        each = []
        for weight, network_id in zip(drawn.double().numpy(), network_ids, strict=True):
            inhibitory = presynaptic_signs(layer, name, len(weight), *network_id) < 0
            if layer.initialisation == "balanced":
                each.append(balanced(weight, inhibitory))
            else:
                seed, network = network_id
                purpose = stream_name(f"weights/{name}/ei", network)
                numbers = exponential(seed, purpose, weight.size).reshape(weight.shape)
                each.append(column_ei_means(inhibitory)[:, None] * numbers)
        drawn = torch.tensor(np.stack(each), dtype=torch.float32)
    return drawn * layer.initial_scale


def uniform_weights(name: str, shape: tuple[int, int], seed: int, network: int = 1) -> Tensor:
    """Uniform in +-1/sqrt(columns), float32, of the given shape."""
    purpose = stream_name(f"weights/{name}", network)
    drawn = 2 * uniform(seed, purpose, shape[0] * shape[1]) - 1
    return torch.tensor(drawn.reshape(shape) / np.sqrt(shape[1]), dtype=torch.float32)


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

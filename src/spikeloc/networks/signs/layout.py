"""Which units, or weights, are inhibitory: docs/model.md, "Sign constraints"."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from spikeloc.config.base import MAX_SEED, check_range
from spikeloc.config.network_ids import NetworkId, stream_name
from spikeloc.config.parameters import LayerParameters
from spikeloc.io.randomness import permutation

MAX_UNITS = 1_000_000


def presynaptic_signs(
    layer: LayerParameters, name: str, units: int, seed: int, network: int = 1
) -> npt.NDArray[np.int8]:
    """Sign of each presynaptic unit of the layer ``name`` ("w1", "w2"), (units,).

    ``units * inhibitory_fraction`` of them, rounded half up, are -1: the first ones of a random
    permutation for each network and layer, or the first ones with ``placement: first``. So the
    inhibitory units at a smaller fraction are also inhibitory at a larger one.
    """
    if layer.signs != "dale":
        return np.ones(units, dtype=np.int8)
    return _signs(layer, stream_name(f"signs/{name}", network), units, seed)


def synaptic_signs(
    layer: LayerParameters, name: str, shape: tuple[int, int], seed: int, network: int = 1
) -> npt.NDArray[np.int8]:
    """A sign for each weight, (presynaptic, postsynaptic): a control without Dale's principle.

    The share of -1 is the inhibitory fraction; weights are nested across fractions as units are.
    """
    purpose = stream_name(f"signs/{name}/synapses", network)
    return _signs(layer, purpose, shape[0] * shape[1], seed).reshape(shape)


def _signs(layer: LayerParameters, purpose: str, count: int, seed: int) -> npt.NDArray[np.int8]:
    signs = np.ones(count, dtype=np.int8)
    order = np.arange(count) if layer.placement == "first" else permutation(seed, purpose, count)
    signs[order[: layer.inhibitory_units(count)]] = -1
    return signs


def ensemble_signs(
    layer: LayerParameters, name: str, shape: tuple[int, int], network_ids: Sequence[NetworkId]
) -> Tensor:
    """Signs of an ensemble, +1 or -1, float32 (networks, presynaptic, 1), or (networks,
    presynaptic, postsynaptic) if every weight has a sign of its own."""
    if layer.signs == "per_synapse":
        signs = [synaptic_signs(layer, name, shape, *network_id) for network_id in network_ids]
    else:
        signs = [presynaptic_signs(layer, name, shape[0], *each)[:, None] for each in network_ids]
    return torch.tensor(np.stack(signs), dtype=torch.float32)


def dale_signs(units: int, inhibitory_fraction: float = 0.5, seed: int = 0) -> Tensor:
    """Signs of presynaptic units, float32 (units,): -1 for a random share of them, else +1.

    For a weight of :class:`torch.nn.Linear` (postsynaptic, presynaptic) as it is, for one of ours
    (presynaptic, postsynaptic) as ``dale_signs(...)[:, None]``.

    Raises:
        ValueError: the fraction is not within 0 and 1, or another argument is out of range.
    """
    check_range("units", units, 1, MAX_UNITS)
    check_range("seed", seed, 0, MAX_SEED)
    layer = LayerParameters(signs="dale", inhibitory_fraction=inhibitory_fraction)
    return torch.from_numpy(presynaptic_signs(layer, "w1", units, seed)).to(torch.float32)

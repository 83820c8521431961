"""Weights of an ensemble of networks: tensors whose first axis is the network."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from spikeloc.config.network_ids import stream_name
from spikeloc.config.parameters import NetworkParameters
from spikeloc.io.randomness import uniform
from spikeloc.networks.signs.dann import part_shapes


@dataclass(frozen=True)
class Weights:
    """Weights of an ensemble, float32.

    ``w1`` (networks, inputs, hidden) and ``w2`` (networks, hidden, outputs); a membrane-only
    network has only ``w1`` (networks, inputs, outputs). ``parts``: the matrices of a layer with
    interneurons, each (networks, ..., ...), named after layer and part ("w1_ex").
    """

    w1: Tensor
    w2: Tensor | None
    parts: Mapping[str, Tensor] = field(default_factory=dict, kw_only=True)

    @classmethod
    def from_layers(cls, layers: Mapping[str, Tensor]) -> "Weights":
        """From tensors by name, as :meth:`layers` gives them."""
        parts = {name: part for name, part in layers.items() if name not in {"w1", "w2"}}
        return cls(layers["w1"], layers.get("w2"), parts=parts)

    def layers(self) -> dict[str, Tensor]:
        """All tensors by name: "w1", "w2" if there is one, and the parts."""
        return {"w1": self.w1, **({} if self.w2 is None else {"w2": self.w2}), **self.parts}


def layer_shapes(network: NetworkParameters, inputs: int) -> dict[str, tuple[int, int]]:
    """(presynaptic, postsynaptic) units of each weight matrix, by name."""
    if network.model == "membrane_only":
        return {"w1": (inputs, network.outputs)}
    return {
        "w1": (inputs, network.hidden_units),
        "w2": (network.hidden_units, network.outputs),
    }


def weight_shapes(network: NetworkParameters, inputs: int) -> dict[str, tuple[int, int]]:
    """Shape of every tensor of :meth:`Weights.layers` for one network, by name."""
    shapes = layer_shapes(network, inputs)
    if network.model == "membrane_only":
        return shapes
    parts = {
        f"{name}_{part}": shape
        for name, layer in (("w1", network.w1), ("w2", network.w2))
        for part, shape in part_shapes(layer, shapes[name]).items()
    }
    return shapes | parts


def initial_weight(name: str, shape: tuple[int, int], seed: int, network: int = 1) -> Tensor:
    """Uniform in +-1/sqrt(columns), float32, of the given shape.

    Source: docs/model.md, "Initial weights".
    """
    purpose = stream_name(f"weights/{name}", network)
    drawn = 2 * uniform(seed, purpose, shape[0] * shape[1]) - 1
    return torch.tensor(drawn.reshape(shape) / np.sqrt(shape[1]), dtype=torch.float32)

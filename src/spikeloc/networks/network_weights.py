"""The trained weights of a network, or of each of an ensemble of networks.

All tensors of an ensemble have the networks as first axis; those of a single network lack it.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Self, cast

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrize import ParametrizationList

from spikeloc.config.base import MAX_SEED, check_range
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import LayerParameters
from spikeloc.networks.initial_weights import initial_weights
from spikeloc.networks.signs import (
    SignConstraint,
    Subtractive,
    make_constraint,
    raw_parameters,
)

Seeds = int | NetworkId | Sequence[int | NetworkId]


class NetworkWeights(nn.Module):
    """A module that has weights by name ("w1", "w2"), with constraints of their signs.

    ``ensemble``: whether there may be several networks; ``network_ids``: which they are;
    ``layers``: the names of the weights, from the inputs on.
    """

    def __init__(self, seed: Seeds, inputs: int) -> None:
        super().__init__()
        self.ensemble = not isinstance(seed, NetworkId) and hasattr(seed, "__iter__")
        seeds = cast(Sequence[int | NetworkId], seed if self.ensemble else [seed])
        self.network_ids = [_network_id(each) for each in seeds]
        if not self.network_ids:
            raise ValueError("seed: must be at least one")
        self.layers: list[str] = []
        self.inputs = inputs

    def add_layers(
        self,
        layers: Mapping[str, tuple[LayerParameters, tuple[int, int]]],
        weights: Mapping[str, Tensor] | None,
    ) -> None:
        """Make the parameters: by name, what is known of a layer and its (presynaptic,
        postsynaptic) units; from ``weights``, without a constraint of their signs, if given."""
        ids, units = self.network_ids, self.inputs
        for name, (layer, shape) in layers.items():
            self.layers.append(name)
            if weights is not None and layer.method != "dann":
                self.register_parameter(name, self._given(weights, name, units))
                units = weights[name].shape[-1]
                continue
            drawn = initial_weights(layer, name, shape, ids)
            self.register_parameter(name, nn.Parameter(drawn))
            constraint = make_constraint(layer, name, shape, ids)
            if constraint is not None:
                parametrize.register_parametrization(self, name, constraint)
            if isinstance(constraint, Subtractive):
                raw = constraint.initial(name, ids)
                if weights is not None:
                    raw = tuple(weights[f"{name}_{part}"].clone() for part in constraint.RAW)
                    units = raw[0].shape[-1]
                for parameter, value in zip(self.raw_parameters(name), raw, strict=True):
                    parameter.data = value
        if weights is None and not self.ensemble:
            self.map_tensors_(lambda each: each[0])

    def _given(self, weights: Mapping[str, Tensor], name: str, inputs: int) -> nn.Parameter:
        """A copy of a weight that was given, of ``inputs`` presynaptic units."""
        wanted = [*([self.networks] if self.ensemble else []), inputs]
        if name not in weights:
            raise ValueError(f"weights: there is no {name}, only {', '.join(weights)}")
        given = torch.as_tensor(weights[name], dtype=torch.float32)
        if list(given.shape[:-1]) != wanted:
            shape = ", ".join(map(str, wanted))
            raise ValueError(f"weights: {name} must be ({shape}, units), not {tuple(given.shape)}")
        return nn.Parameter(given.detach().clone())

    def raw_parameters(self, name: str) -> list[Tensor]:
        """What is trained for the weight of this name."""
        parametrization = self._parametrization(name)
        if parametrization is None:
            return [getattr(self, name)]
        return raw_parameters(parametrization)

    def constraint(self, name: str) -> SignConstraint | None:
        """The sign constraint of the weight of this name."""
        parametrization = self._parametrization(name)
        return None if parametrization is None else cast(SignConstraint, parametrization[0])

    def _parametrization(self, name: str) -> ParametrizationList | None:
        if not parametrize.is_parametrized(self, name):
            return None
        return cast(ParametrizationList, cast(nn.ModuleDict, self.parametrizations)[name])

    @property
    def networks(self) -> int:
        """Number of networks."""
        return len(self.network_ids)

    def check_axes(self) -> None:
        """Check that all tensors of an ensemble have the networks as first axis.

        Raises:
            ValueError: one has not, such as a buffer of a constraint; the message names it.
        """
        for name, each in [*self.named_parameters(), *self.named_buffers()]:
            if each.dim() == 0 or len(each) != self.networks:
                raise ValueError(
                    f"{name}: must have the {self.networks} networks as first axis, but its shape "
                    f"is {tuple(each.shape)}"
                )

    @property
    def device(self) -> torch.device:
        """The device of the parameters."""
        return next(self.parameters()).device

    @torch.no_grad()
    def signed_weights(self) -> dict[str, Tensor]:
        """Copies of the present signed weights by name ("w1", "w2"), and of the matrices that a
        layer with interneurons is made of ("w1_ex")."""
        weights = {name: getattr(self, name) for name in self.layers}
        for name in self.layers:
            constraint = self.constraint(name)
            if isinstance(constraint, Subtractive):
                parts = zip(constraint.RAW, self.raw_parameters(name), strict=True)
                weights |= {f"{name}_{part}": raw for part, raw in parts}
        return {name: each.detach().clone() for name, each in weights.items()}

    def map_tensors_(self, function: Callable[[Tensor], Tensor]) -> None:
        """Replace every parameter and buffer, all of which have the networks as first axis."""
        for tensor in [*self.parameters(), *self.buffers()]:
            tensor.data = function(tensor.data)
            tensor.grad = None

    def keep_(self, networks: list[int]) -> None:
        """Let only these networks of an ensemble stay, by their places."""
        self.map_tensors_(lambda each: each[networks])
        self.network_ids = [self.network_ids[i] for i in networks]

    def as_ensemble(self) -> Self:
        """A copy that is an ensemble, of one if it is a single network."""
        network = copy.deepcopy(self)
        if not self.ensemble:
            network.map_tensors_(lambda each: each[None])
            network.ensemble = True
        return network

    def single(self, place: int) -> Self:
        """A copy of one network of an ensemble, by its place."""
        network = copy.deepcopy(self)
        network.keep_([place])
        network.map_tensors_(lambda each: each[0])
        network.ensemble = False
        return network

    def unconstrained(self) -> Self:
        """A copy with the signed weights as its parameters."""
        # not torch's remove_parametrizations, which would change the class of the original as well
        network: Self = object.__new__(parametrize.type_before_parametrizations(self))
        nn.Module.__init__(network)
        for name, value in vars(self).items():
            if not name.startswith("_"):
                setattr(network, name, copy.copy(value))
        for name in self.layers:
            network.register_parameter(name, nn.Parameter(getattr(self, name).detach().clone()))
        return network


def _network_id(seed: int | NetworkId) -> NetworkId:
    network_id = seed if isinstance(seed, NetworkId) else NetworkId(seed)
    check_range("seed", network_id.seed, 0, MAX_SEED)
    return NetworkId(int(network_id.seed), network_id.network)

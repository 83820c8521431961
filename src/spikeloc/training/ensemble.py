"""The trained parameters of an ensemble: raw parameters behind sign constraints."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from spikeloc.config.layers import LayerParameters
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import RunParameters
from spikeloc.networks.signs import RawParameters, SignConstraint, initialise, make_constraint
from spikeloc.networks.weights import Weights, initial_weight, layer_shapes
from spikeloc.training.optimiser import EnsembleOptimiser


class Ensemble:
    """The networks of an ensemble during training.

    ``raw``: raw parameters by layer ("w1", "w2") and name, each (networks, ...); ``constraints``:
    what turns them into weights, by layer.
    """

    def __init__(
        self, run: RunParameters, network_ids: Sequence[NetworkId], device: torch.device
    ) -> None:
        network = run.network
        self.networks = len(network_ids)
        self.raw: dict[str, RawParameters] = {}
        self.constraints: dict[str, SignConstraint] = {}
        for name, shape in layer_shapes(network, run.stimulus.inputs).items():
            spiking = network.model == "spiking"
            layer = {"w1": network.w1, "w2": network.w2}[name] if spiking else LayerParameters()
            drawn = torch.stack(
                [initial_weight(name, shape, *network_id) for network_id in network_ids]
            )
            drawn = initialise(layer, name, drawn, network_ids) * layer.initial_scale
            drawn = drawn.to(device)
            self.constraints[name] = make_constraint(layer, name, shape, network_ids, device)
            self.raw[name] = self.constraints[name].right_inverse(drawn)

    def optimiser(self, learning_rate: float) -> EnsembleOptimiser:
        """An optimiser of the raw parameters, in the order of :func:`each_parameter`."""
        steps = [self.constraints[layer].step(name) for layer in self.raw
                 for name in self.raw[layer]]  # fmt: skip
        return EnsembleOptimiser(each_parameter(self.raw), steps, learning_rate)

    def after_step(self) -> None:
        """Let the constraints restore what a step of the optimiser has violated."""
        for name, raw in self.raw.items():
            self.constraints[name].after_step(raw)

    def constraints_of(self, networks: list[int]) -> dict[str, SignConstraint]:
        """The constraints of some of the networks, by layer."""
        return {name: each.select(networks) for name, each in self.constraints.items()}

    def parameters_of(self, networks: list[int]) -> dict[str, RawParameters]:
        """The present raw parameters of some of the networks, by layer; not always copies."""
        everyone = len(networks) == self.networks  # no need to copy
        return {
            layer: {name: each.detach() if everyone else each[networks]
                    for name, each in raw.items()}
            for layer, raw in self.raw.items()
        }  # fmt: skip

    def weights_of(self, networks: list[int]) -> Weights:
        """The present signed weights of some of the networks, as copies."""
        raw = {
            layer: {name: each.clone() for name, each in parameters.items()}
            for layer, parameters in self.parameters_of(networks).items()
        }
        return signed_weights(raw, self.constraints_of(networks))


def each_parameter(raw: Mapping[str, RawParameters]) -> list[Tensor]:
    """The raw parameters of all layers in one list."""
    return [each for layer in raw.values() for each in layer.values()]


def signed_weights(
    raw: Mapping[str, RawParameters], constraints: Mapping[str, SignConstraint]
) -> Weights:
    """The signed weights that the constraints make of raw parameters, both by layer."""
    layers = {name: constraints[name].forward(layer) for name, layer in raw.items()}
    parts = {
        f"{name}_{part}": value
        for name, layer in raw.items()
        for part, value in constraints[name].parts(layer).items()
    }
    return Weights.from_layers(layers | parts)

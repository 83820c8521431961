"""What is trained of an ensemble of networks, and the weights that it stands for."""

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
    """Trained parameters of each layer, by name, and what turns them into weights."""

    def __init__(
        self, run: RunParameters, network_ids: Sequence[NetworkId], device: torch.device
    ) -> None:
        network = run.network
        self.networks = len(network_ids)
        self.theta: dict[str, RawParameters] = {}
        self.constraint: dict[str, SignConstraint] = {}
        for name, shape in layer_shapes(network, run.stimulus.inputs).items():
            spiking = network.model == "spiking"
            layer = {"w1": network.w1, "w2": network.w2}[name] if spiking else LayerParameters()
            drawn = torch.stack(
                [initial_weight(name, shape, *network_id) for network_id in network_ids]
            )
            drawn = initialise(layer, name, drawn, network_ids) * layer.initial_scale
            drawn = drawn.to(device)
            self.constraint[name] = make_constraint(layer, name, shape, network_ids, device)
            self.theta[name] = self.constraint[name].right_inverse(drawn)

    def optimiser(self, learning_rate: float) -> EnsembleOptimiser:
        """What moves the parameters, in the order of :func:`each_parameter`."""
        steps = [self.constraint[layer].step(name) for layer in self.theta
                 for name in self.theta[layer]]  # fmt: skip
        return EnsembleOptimiser(each_parameter(self.theta), steps, learning_rate)

    def after_step(self) -> None:
        """Let the constraints put right what a step has made wrong."""
        for name, theta in self.theta.items():
            self.constraint[name].after_step(theta)

    def constraints(self, networks: list[int]) -> dict[str, SignConstraint]:
        """The constraints of some of the networks."""
        return {name: each.select(networks) for name, each in self.constraint.items()}

    def parameters(self, networks: list[int]) -> dict[str, RawParameters]:
        """The parameters of some of the networks as they are now."""
        everyone = len(networks) == self.networks  # no need to copy
        return {
            layer: {name: each.detach() if everyone else each[networks]
                    for name, each in theta.items()}
            for layer, theta in self.theta.items()
        }  # fmt: skip

    def weights(self, networks: list[int]) -> Weights:
        """Effective weights of some of the networks, which further training leaves alone."""
        theta = {
            layer: {name: each.clone() for name, each in parameters.items()}
            for layer, parameters in self.parameters(networks).items()
        }
        return signed_weights(theta, self.constraints(networks))


def each_parameter(theta: Mapping[str, RawParameters]) -> list[Tensor]:
    """The parameters of all layers in a row."""
    return [each for layer in theta.values() for each in layer.values()]


def signed_weights(
    theta: Mapping[str, RawParameters], constraint: Mapping[str, SignConstraint]
) -> Weights:
    """What the constraints make of trained parameters."""
    layers = {name: constraint[name].forward(layer) for name, layer in theta.items()}
    parts = {
        f"{name}_{part}": value
        for name, layer in theta.items()
        for part, value in constraint[name].parts(layer).items()
    }
    return Weights.from_layers(layers | parts)

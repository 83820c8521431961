"""What is trained of a stack of networks, and the weights that it stands for."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from spikeloc.layers import LayerParameters
from spikeloc.members import Member
from spikeloc.network import Weights, initial_weight, layer_shapes
from spikeloc.optimiser import StackOptimiser
from spikeloc.parameters import RunParameters
from spikeloc.signs import SignConstraint, Theta, initialise, make_constraint


class Stack:
    """Trained parameters of each layer, by name, and what turns them into weights."""

    def __init__(self, run: RunParameters, members: Sequence[Member], device: torch.device) -> None:
        network = run.network
        self.networks = len(members)
        self.theta: dict[str, Theta] = {}
        self.constraint: dict[str, SignConstraint] = {}
        for name, shape in layer_shapes(network, run.stimulus.inputs).items():
            spiking = network.model == "spiking"
            layer = {"w1": network.w1, "w2": network.w2}[name] if spiking else LayerParameters()
            drawn = torch.stack([initial_weight(name, shape, *member) for member in members])
            drawn = initialise(layer, name, drawn, members) * layer.initial_scale
            drawn = drawn.to(device)
            self.constraint[name] = make_constraint(layer, name, shape, members, device)
            self.theta[name] = self.constraint[name].start(drawn)

    def optimiser(self, learning_rate: float) -> StackOptimiser:
        """What moves the parameters, in the order of :func:`each_parameter`."""
        steps = [self.constraint[layer].step(name) for layer in self.theta
                 for name in self.theta[layer]]  # fmt: skip
        return StackOptimiser(each_parameter(self.theta), steps, learning_rate)

    def after_step(self) -> None:
        """Let the constraints put right what a step has made wrong."""
        for name, theta in self.theta.items():
            self.constraint[name].after_step(theta)

    def constraints(self, networks: list[int]) -> dict[str, SignConstraint]:
        """The constraints of some of the networks."""
        return {name: each.select(networks) for name, each in self.constraint.items()}

    def parameters(self, networks: list[int]) -> dict[str, Theta]:
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
        return effective_weights(theta, self.constraints(networks))


def each_parameter(theta: Mapping[str, Theta]) -> list[Tensor]:
    """The parameters of all layers in a row."""
    return [each for layer in theta.values() for each in layer.values()]


def effective_weights(
    theta: Mapping[str, Theta], constraint: Mapping[str, SignConstraint]
) -> Weights:
    """What the constraints make of trained parameters."""
    layers = {name: constraint[name].effective(layer) for name, layer in theta.items()}
    parts = {
        f"{name}_{part}": value
        for name, layer in theta.items()
        for part, value in constraint[name].parts(layer).items()
    }
    return Weights.of_layers(layers | parts)

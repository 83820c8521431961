"""Sign constraints as parametrizations of torch: docs/model.md, "Sign constraints".

:func:`torch.nn.utils.parametrize.register_parametrization` puts one on a weight of any module. What
a step of the optimiser may have violated, a hook of the optimiser puts right: :func:`keep_signs`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import ParametrizationList
from torch.optim import Optimizer


@dataclass(frozen=True)
class Step:
    """How a raw parameter is trained: by Adam or by plain gradient descent, with ``scale`` times
    the learning rate."""

    scale: float = 1.0
    adam: bool = True


class SignConstraint(nn.Module):
    """From raw parameters, which are trained, to a signed weight.

    ``forward`` has one argument for each raw parameter, as many as ``right_inverse`` returns.
    Parameters of the constraint itself are trained as well.

    A weight of torch's own modules is (postsynaptic, presynaptic), one of ours (presynaptic,
    postsynaptic), and one of an ensemble has the networks before that. Raw parameters and buffers
    of an ensemble have the networks as first axis as well.
    """

    forward: Callable[..., Tensor]  # the signed weight of the raw parameters

    def right_inverse(self, weight: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Raw parameters whose weight has the magnitudes of ``weight``: ``weight`` itself where its
        signs are allowed."""
        raise NotImplementedError

    def steps(self) -> tuple[Step, ...]:
        """How each raw parameter is trained, in the order of ``forward``'s arguments; those left
        out by Adam, with the learning rate as it is."""
        return ()

    def after_step(self, *raw: Tensor) -> None:
        """Put right, in place, what a step of the optimiser may have violated."""


class Signed(SignConstraint):
    """Fixed signs: ``sign`` is +1 or -1 and broadcasts with the weight, for example (1,
    presynaptic) for a weight of :class:`torch.nn.Linear`, and (presynaptic, 1) for one of ours."""

    sign: Tensor

    def __init__(self, sign: Tensor) -> None:
        super().__init__()
        sign = torch.as_tensor(sign, dtype=torch.float32)
        if not ((sign == 1) | (sign == -1)).all():
            raise ValueError("sign: must be +1 or -1 everywhere")
        self.register_buffer("sign", sign)


def constrained(module: nn.Module) -> Iterator[tuple[SignConstraint, list[Tensor]]]:
    """Each sign constraint of a module and of those in it, with its raw parameters."""
    for each in module.modules():
        if isinstance(each, ParametrizationList) and isinstance(each[0], SignConstraint):
            yield each[0], raw_parameters(each)


def raw_parameters(parametrization: ParametrizationList) -> list[Tensor]:
    """The raw parameters behind a constrained weight."""
    if parametrization.is_tensor:
        return [parametrization.original]
    return [getattr(parametrization, f"original{i}") for i in range(parametrization.ntensors)]


def keep_signs(optimiser: Optimizer, module: nn.Module) -> None:
    """Let every step of the optimiser be followed by what the module's present constraints put
    right."""
    constraints = [
        (constraint, raw)
        for constraint, raw in constrained(module)
        if type(constraint).after_step is not SignConstraint.after_step
    ]

    @torch.no_grad()
    def put_right(*_: Any) -> None:
        for constraint, raw in constraints:
            constraint.after_step(*raw)

    if constraints:
        optimiser.register_step_post_hook(put_right)


def parameter_groups(module: nn.Module, learning_rate: float) -> list[dict[str, Any]]:
    """Groups of a module's parameters for an optimiser, those that are trained alike together.

    ``lr``: the learning rate, times what a constraint says; ``adam``: whether it is Adam's, for
    :class:`spikeloc.training.optimiser.EnsembleAdam`; optimisers of torch do not look at it.
    """
    steps = {
        raw: step
        for constraint, parameters in constrained(module)
        for raw, step in zip(parameters, constraint.steps(), strict=False)
    }
    groups: dict[Step, list[Tensor]] = {}
    for parameter in module.parameters():
        groups.setdefault(steps.get(parameter, Step()), []).append(parameter)
    return [
        {"params": parameters, "lr": step.scale * learning_rate, "adam": step.adam}
        for step, parameters in groups.items()
    ]


def by_network(function: Callable[..., Tensor], *ensembles: Tensor) -> Tensor:
    """Apply a function to each network of an ensemble alone: arguments are (networks, ...), or
    without the first axis for a single network.

    For functions whose last bits depend on how many numbers they are given at once.
    """
    if ensembles[0].dim() < 3:
        return function(*ensembles)
    return torch.stack([function(*each) for each in zip(*ensembles, strict=True)])

"""Optimisers of an ensemble of networks, each network by itself: Adam (Kingma & Ba 2015), and plain
gradient descent for the parameters that ask for it.

torch's own fused Adam step, on one tensor per network and parameter: what it does to a network does
not depend on the others. ``torch.optim.Adam`` itself would import torch's compiler, which takes
longer than many a training.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.optim.adam import adam

from spikeloc.networks.signs import Step


class EnsembleOptimiser:
    """Moves parameters, each (networks, ...), in place; those of one kind of step together."""

    def __init__(
        self, theta: Sequence[Tensor], steps: Sequence[Step], learning_rate: float
    ) -> None:
        self._groups: list[tuple[list[int], EnsembleAdam | EnsembleDescent]] = []
        for step in dict.fromkeys(steps):
            indices = [i for i, each in enumerate(steps) if each == step]
            kind = EnsembleAdam if step.adam else EnsembleDescent
            group = kind([theta[i] for i in indices], step.scale * learning_rate)
            self._groups.append((indices, group))

    def step(
        self, gradients: Sequence[Tensor], networks: Sequence[int], factor: float = 1.0
    ) -> None:
        """Move these networks by one step; the others stay as they are.

        ``gradients``: one a parameter, (len(networks), ...); ``factor``: of the learning rate.
        """
        for indices, group in self._groups:
            group.step([gradients[i] for i in indices], networks, factor)


class EnsembleAdam:
    """Adam's moments of every parameter, and the steps it makes."""

    def __init__(self, theta: Sequence[Tensor], learning_rate: float) -> None:
        self._learning_rate = learning_rate
        self._theta = [each.unbind() for each in theta]
        self._mean = [torch.zeros_like(each).unbind() for each in theta]
        self._square = [torch.zeros_like(each).unbind() for each in theta]
        self._steps = [each.new_zeros(len(each)).unbind() for each in theta]

    def step(self, gradients: Sequence[Tensor], networks: Sequence[int], factor: float) -> None:
        """See :meth:`EnsembleOptimiser.step`."""
        adam(
            [each[i] for each in self._theta for i in networks],
            [gradient for each in gradients for gradient in each.unbind()],
            [each[i] for each in self._mean for i in networks],
            [each[i] for each in self._square for i in networks],
            [],
            [each[i] for each in self._steps for i in networks],
            fused=True,
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=self._learning_rate * factor,
            weight_decay=0.0,
            eps=1e-8,
            maximize=False,
        )


class EnsembleDescent:
    """Plain gradient descent, ``theta <- theta - learning_rate gradient``."""

    def __init__(self, theta: Sequence[Tensor], learning_rate: float) -> None:
        self._learning_rate = learning_rate
        self._theta = [each.unbind() for each in theta]

    def step(self, gradients: Sequence[Tensor], networks: Sequence[int], factor: float) -> None:
        """See :meth:`EnsembleOptimiser.step`."""
        for theta, gradient in zip(self._theta, gradients, strict=True):
            for i, each in zip(networks, gradient.unbind(), strict=True):
                theta[i].sub_(each, alpha=self._learning_rate * factor)

"""Optimisers of an ensemble of networks: Adam (Kingma & Ba 2015), and plain gradient descent for
parameters whose sign constraint asks for it. See docs/model.md, "Training".

Adam is torch's own fused step on one tensor per network and parameter, so each network is trained
independently of the others. ``torch.optim.Adam`` itself would import torch's compiler, which takes
longer than training small networks.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.optim.adam import adam

from spikeloc.networks.signs import Step


class EnsembleOptimiser:
    """Updates raw parameters, each (networks, ...), in place; those with equal steps together."""

    def __init__(self, raw: Sequence[Tensor], steps: Sequence[Step], learning_rate: float) -> None:
        self._groups: list[tuple[list[int], EnsembleAdam | EnsembleDescent]] = []
        for step in dict.fromkeys(steps):
            indices = [i for i, each in enumerate(steps) if each == step]
            kind = EnsembleAdam if step.adam else EnsembleDescent
            group = kind([raw[i] for i in indices], step.scale * learning_rate)
            self._groups.append((indices, group))

    def step(
        self, gradients: Sequence[Tensor], networks: Sequence[int], factor: float = 1.0
    ) -> None:
        """Update these networks by one step; the others do not change.

        Args:
            gradients: of each raw parameter, (len(networks), ...).
            networks: which ones, by their place in the ensemble.
            factor: multiplies the learning rate.
        """
        for indices, group in self._groups:
            group.step([gradients[i] for i in indices], networks, factor)


class EnsembleAdam:
    """Adam with the moments of every parameter of every network."""

    def __init__(self, raw: Sequence[Tensor], learning_rate: float) -> None:
        self._learning_rate = learning_rate
        self._raw = [each.unbind() for each in raw]
        self._mean = [torch.zeros_like(each).unbind() for each in raw]
        self._square = [torch.zeros_like(each).unbind() for each in raw]
        self._steps = [each.new_zeros(len(each)).unbind() for each in raw]

    def step(self, gradients: Sequence[Tensor], networks: Sequence[int], factor: float) -> None:
        """See :meth:`EnsembleOptimiser.step`."""
        adam(
            [each[i] for each in self._raw for i in networks],
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
    """Plain gradient descent: ``raw <- raw - learning_rate gradient``."""

    def __init__(self, raw: Sequence[Tensor], learning_rate: float) -> None:
        self._learning_rate = learning_rate
        self._raw = [each.unbind() for each in raw]

    def step(self, gradients: Sequence[Tensor], networks: Sequence[int], factor: float) -> None:
        """See :meth:`EnsembleOptimiser.step`."""
        for raw, gradient in zip(self._raw, gradients, strict=True):
            for i, each in zip(networks, gradient.unbind(), strict=True):
                raw[i].sub_(each, alpha=self._learning_rate * factor)

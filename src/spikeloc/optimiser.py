"""Adam for a stack of networks (Kingma & Ba 2015), each network by itself.

torch's own fused step, on one tensor per network and layer: what it does to a network does not
depend on the others. ``torch.optim.Adam`` itself would import torch's compiler, which takes longer
than many a training.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.optim.adam import adam


class StackAdam:
    """Adam's moments of every layer, each layer (networks, ...), and the steps it makes."""

    def __init__(self, layers: Sequence[Tensor], learning_rate: float) -> None:
        self._learning_rate = learning_rate
        self._theta = [layer.unbind() for layer in layers]
        self._mean = [torch.zeros_like(layer).unbind() for layer in layers]
        self._square = [torch.zeros_like(layer).unbind() for layer in layers]
        self._steps = [layer.new_zeros(len(layer)).unbind() for layer in layers]

    def step(self, gradients: Sequence[Tensor], networks: Sequence[int]) -> None:
        """Move these networks by one step, in place; the others stay as they are.

        ``gradients``: one a layer, (len(networks), ...).
        """
        adam(
            [layer[i] for layer in self._theta for i in networks],
            [gradient for layer in gradients for gradient in layer.unbind()],
            [layer[i] for layer in self._mean for i in networks],
            [layer[i] for layer in self._square for i in networks],
            [],
            [layer[i] for layer in self._steps for i in networks],
            fused=True,
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=self._learning_rate,
            weight_decay=0.0,
            eps=1e-8,
            maximize=False,
        )

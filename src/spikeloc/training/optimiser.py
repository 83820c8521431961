"""Adam (Kingma & Ba 2015) for ensembles of networks, and plain gradient descent for parameters
whose sign constraint asks for it. See docs/model.md, "Training".
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.adam import adam


class EnsembleAdam(Optimizer):
    """Adam on each network alone, so that no bit of a network depends on the others.

    A parameter of three axes is of an ensemble, with the networks as its first axis. It is torch's
    own fused step on one tensor per network and parameter. Groups with ``adam=False`` are trained
    by plain gradient descent, ``raw <- raw - lr gradient``.

    Args:
        params: parameters or groups of them, as :func:`spikeloc.signs.parameter_groups` gives them.
        lr: learning rate of groups without one.
    """

    def __init__(self, params: Any, lr: float = 0.01) -> None:
        super().__init__(params, {"lr": lr, "adam": True})

    # torch's own versions of these two import its compiler, which takes longer than training small
    # networks
    def add_param_group(self, param_group: dict[str, Any]) -> None:
        Optimizer.add_param_group.__wrapped__(self, param_group)  # type: ignore[attr-defined]

    def zero_grad(self, set_to_none: bool = True) -> None:
        for group in self.param_groups:
            for each in group["params"]:
                each.grad = None if set_to_none or each.grad is None else each.grad.zero_()

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """Update all parameters that have a gradient."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            parameters = [each for each in group["params"] if each.grad is not None]
            if group["adam"] and parameters:
                self._adam(parameters, group["lr"])
            else:
                for each in parameters:
                    for raw, gradient in zip(_networks(each), _networks(each.grad), strict=True):
                        raw.sub_(gradient, alpha=group["lr"])
        return loss

    def _adam(self, parameters: list[Tensor], learning_rate: float) -> None:
        for each in parameters:
            if each not in self.state:
                moments = {name: torch.zeros_like(each) for name in ("exp_avg", "exp_avg_sq")}
                steps = each.new_zeros(len(each) if each.dim() > 2 else ())
                self.state[each] = {"step": steps} | moments
        state = [self.state[each] for each in parameters]
        gradients = [each.grad for each in parameters if each.grad is not None]
        adam(
            [network for each in parameters for network in _networks(each)],
            # contiguous: the fused step reads a gradient in the order of the parameter's memory
            [network for each in gradients for network in _networks(each.contiguous())],
            [network for each in state for network in _networks(each["exp_avg"])],
            [network for each in state for network in _networks(each["exp_avg_sq"])],
            [],
            [step for each in state for step in each["step"].view(-1).unbind()],
            fused=True,
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=learning_rate,
            weight_decay=0.0,
            eps=1e-8,
            maximize=False,
        )

    def keep_(self, networks: list[int]) -> None:
        """Let only the state of these networks of an ensemble stay, by their places."""
        for state in self.state.values():
            for name, each in state.items():
                state[name] = each[networks]


def _networks(tensor: Tensor | None) -> tuple[Tensor, ...]:
    assert tensor is not None  # parameters without a gradient were left out
    return tensor.unbind() if tensor.dim() > 2 else (tensor,)

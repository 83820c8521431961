"""Adam (Kingma & Ba 2015) for ensembles of networks, and plain gradient descent for parameters
whose sign constraint asks for it. See docs/model.md, "Training".
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer


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
        for group in self.param_groups:
            if not group["lr"] >= 0:
                raise ValueError(f"lr: must not be below 0, not {group['lr']}")

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
        for hook in self._optimizer_step_pre_hooks.values():
            hook(self, (), {})
        for group in self.param_groups:
            parameters = [each for each in group["params"] if each.grad is not None]
            raw = [network for each in parameters for network in _networks(each)]
            # contiguous: the fused step reads a gradient in the order of the parameter's memory
            gradients = [
                network for each in parameters for network in _networks(each.grad.contiguous())
            ]
            if not group["adam"]:
                for each, gradient in zip(raw, gradients, strict=True):
                    each.sub_(gradient, alpha=group["lr"])
            elif raw:
                self._adam(parameters, raw, gradients, group["lr"])
        for hook in self._optimizer_step_post_hooks.values():
            hook(self, (), {})
        return loss

    # else torch wraps the method in its profiler and hooks: 5 % of the step of a single network
    step.hooked = True  # type: ignore[attr-defined]

    def _adam(
        self,
        parameters: list[Tensor],
        raw: list[Tensor],
        gradients: list[Tensor],
        learning_rate: float,
    ) -> None:
        for each in parameters:
            if each not in self.state:
                networks = _networks(each)
                moments = {
                    name: [torch.zeros_like(network) for network in networks]
                    for name in ("exp_avg", "exp_avg_sq")
                }
                self.state[each] = {"step": [each.new_zeros(()) for _ in networks]} | moments
        means, squares, steps = (
            [network for each in parameters for network in self.state[each][name]]
            for name in ("exp_avg", "exp_avg_sq", "step")
        )
        # torch.optim.adam.adam(fused=True) without its checks, which take as long as the update
        torch._foreach_add_(steps, 1)
        torch._fused_adam_(
            raw,
            gradients,
            means,
            squares,
            [],
            steps,
            lr=learning_rate,
            beta1=0.9,
            beta2=0.999,
            weight_decay=0.0,
            eps=1e-8,
            amsgrad=False,
            maximize=False,
        )

    def keep_(self, networks: list[int]) -> None:
        """Let only the state of these networks of an ensemble stay, by their places."""
        for state in self.state.values():
            for name, each in state.items():
                state[name] = [each[i] for i in networks]


def _networks(tensor: Tensor) -> tuple[Tensor, ...]:
    return tensor.unbind() if tensor.dim() > 2 else (tensor,)

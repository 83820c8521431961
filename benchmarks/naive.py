"""The training step of the notebooks: a Python loop over time with autograd."""

import torch
from torch import Tensor, nn

BETA = 5


class SurrGradSpike(torch.autograd.Function):
    """Heaviside forward, the derivative of a sigmoid backward."""

    @staticmethod
    def forward(ctx, input_):
        ctx.save_for_backward(input_)
        out = torch.zeros_like(input_)
        out[input_ > 0] = 1.0
        return out

    @staticmethod
    def backward(ctx, grad_output):
        (input_,) = ctx.saved_tensors
        sigmoid = torch.sigmoid(BETA * input_)
        return grad_output * BETA * sigmoid * (1 - sigmoid)


def output_layer(s: Tensor, w2: Tensor, alpha: float) -> Tensor:
    """Readout potentials (samples, steps, classes), computed step by step."""
    h = torch.einsum("abc,cd->abd", s, w2)
    v = torch.zeros(len(s), w2.shape[1])
    v_rec = [v]
    for t in range(s.shape[1] - 1):
        v = alpha * v + h[:, t]
        v_rec.append(v)
    return torch.stack(v_rec, dim=1)


def hidden_layer(x: Tensor, w1: Tensor, alpha: float) -> Tensor:
    """Hidden spikes (samples, steps, hidden), computed step by step."""
    h = torch.einsum("abc,cd->abd", x, w1)
    v = torch.zeros(len(x), w1.shape[1])
    s = torch.zeros(len(x), w1.shape[1])
    s_rec = [s]
    for t in range(x.shape[1] - 1):
        new_v = (alpha * v + h[:, t]) * (1 - s)
        s = SurrGradSpike.apply(v - 1)
        v = new_v
        s_rec.append(s)
    return torch.stack(s_rec, dim=1)


class NaiveNetwork:
    """One network with presynaptic signs (columns of +-1), its optimiser and its loss."""

    def __init__(self, w1: Tensor, w2: Tensor, signs: tuple[Tensor, Tensor], alpha: float) -> None:
        self.w1 = w1.clone().requires_grad_()
        self.w2 = w2.clone().requires_grad_()
        self.signs = signs
        self.alpha = alpha
        self.optimizer = torch.optim.Adam([self.w1, self.w2], lr=0.01)

    def evaluate(self, x: Tensor) -> Tensor:
        """Class log-probabilities (samples, classes) of input spikes (samples, steps, inputs)."""
        s = hidden_layer(x, torch.abs(self.w1) * self.signs[0], self.alpha)
        v = output_layer(s, torch.abs(self.w2) * self.signs[1], self.alpha)
        return nn.functional.log_softmax(0.01 * torch.sum(v, 1), dim=1)

    def step(self, x: Tensor, y: Tensor) -> float:
        """Make one training step and return the loss before it."""
        loss = nn.functional.nll_loss(self.evaluate(x), y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

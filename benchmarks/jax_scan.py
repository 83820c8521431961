"""The same training step as a compiled JAX scan, on which Spyx builds; measured if jax exists."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from naive import BETA, NaiveNetwork


@jax.custom_jvp
def heaviside(excess: jax.Array) -> jax.Array:
    """H(u), with the derivative of a sigmoid."""
    return (excess > 0).astype(jnp.float32)


@heaviside.defjvp
def _surrogate(primals: Any, tangents: Any) -> Any:
    sigma = jax.nn.sigmoid(BETA * primals[0])
    return heaviside(primals[0]), BETA * sigma * (1 - sigma) * tangents[0]


def mean_loss(raw: Any, signs: Any, alpha: float, x: jax.Array, y: jax.Array) -> jax.Array:
    """The mean cross-entropy of a batch of input spikes (samples, steps, inputs)."""
    w1, w2 = (jnp.abs(layer) * sign for layer, sign in zip(raw, signs, strict=True))
    drive = jnp.swapaxes(x @ w1, 0, 1)

    def step(state: Any, h: jax.Array) -> Any:
        v, s, o, total = state
        state = (alpha * v + h) * (1 - s), heaviside(v - 1), alpha * o + s @ w2, total + o
        return state, None

    hidden = jnp.zeros(drive.shape[1:])
    classes = jnp.zeros((len(y), w2.shape[1]))
    (_, _, _, total), _ = jax.lax.scan(step, (hidden, hidden, classes, classes), drive)
    chosen = jax.nn.log_softmax(0.01 * total)[jnp.arange(len(y)), y]
    return -chosen.mean()


@partial(jax.jit, static_argnums=4)
def adam_step(raw: Any, moments: Any, count: Any, signs: Any, alpha: float, x: Any, y: Any) -> Any:
    """One step of Adam with a learning rate of 0.01."""
    loss, gradients = jax.value_and_grad(mean_loss)(raw, signs, alpha, x, y)
    count = count + 1
    moved, kept = [], []
    for layer, gradient, (mean, square) in zip(raw, gradients, moments, strict=True):
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        scale = jnp.sqrt(square / (1 - 0.999**count)) + 1e-8
        moved.append(layer - 0.01 * mean / (1 - 0.9**count) / scale)
        kept.append((mean, square))
    return moved, kept, count, loss


class JaxNetwork:
    """The network and batches of the naive loop in JAX."""

    def __init__(
        self, network: NaiveNetwork, batches: list[tuple[torch.Tensor, torch.Tensor]]
    ) -> None:
        layers = (network.w1, network.w2)
        self.raw: Any = [jnp.asarray(layer.detach().numpy()) for layer in layers]
        self.signs = [jnp.asarray(sign.numpy()) for sign in network.signs]
        self.moments: Any = [(jnp.zeros_like(w), jnp.zeros_like(w)) for w in self.raw]
        self.count: Any = jnp.zeros((), jnp.float32)
        self.alpha = network.alpha
        self.batches = [(np.asarray(x), np.asarray(y)) for x, y in batches]

    def train(self) -> None:
        """Train one step on each batch."""
        for x, y in self.batches:
            self.raw, self.moments, self.count, loss = adam_step(
                self.raw, self.moments, self.count, self.signs, self.alpha, x, y
            )
            loss.block_until_ready()

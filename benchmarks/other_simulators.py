"""The network of the benchmarks in other simulators, through their public interfaces.

Each simulator is made from signed weights (inputs, hidden) and (hidden, classes) and the decay of a
step. ``hidden`` gives the spikes (samples, steps, hidden) of its hidden units. ``batch`` takes
input spikes (samples, steps, inputs) and classes (samples,) into the simulator's own arrays, which
is not measured; ``step`` trains on them and returns the loss. Neurons, loss and optimiser are the
notebooks' where a simulator has them; DIFFERENCES in others.py says where it does not.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import snntorch
import spyx
import torch
from flax import nnx
from naive import BETA, NaiveNetwork, hidden_layer
from snntorch import surrogate
from spikingjelly.activation_based import functional, layer, neuron
from spikingjelly.activation_based.surrogate import Sigmoid
from torch import Tensor, nn

LOGIT_SCALE = 0.01
LEARNING_RATE = 0.01


class TorchSimulator:
    """What training has in common in torch."""

    def __init__(self, linear: list[nn.Linear], w1: Tensor, w2: Tensor) -> None:
        for each, weight in zip(linear, (w1, w2), strict=True):
            each.weight.data.copy_(weight.T)
        self.w1, self.w2 = linear
        parameters = [each.weight for each in linear]
        self.optimiser = torch.optim.Adam(parameters, lr=LEARNING_RATE)

    def logits(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    def batch(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return x, y

    def step(self, x: Tensor, y: Tensor) -> float:
        loss = nn.functional.cross_entropy(self.logits(x), y)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return loss.item()


class SnnTorch(TorchSimulator):
    """snntorch.Leaky, in the loop over time that its tutorials show."""

    def __init__(self, w1: Tensor, w2: Tensor, alpha: float) -> None:
        super().__init__([nn.Linear(*each.shape, bias=False) for each in (w1, w2)], w1, w2)
        spike = surrogate.sigmoid(BETA)
        self.neuron = snntorch.Leaky(alpha, spike_grad=spike, reset_mechanism="zero")
        self.readout = snntorch.Leaky(alpha, reset_mechanism="none")

    def hidden(self, x: Tensor) -> Tensor:
        drive, spikes = self.w1(x), []
        membrane = torch.zeros_like(drive[:, 0])
        for each in drive.unbind(1):
            spike, membrane = self.neuron(each, membrane)
            spikes.append(spike)
        return torch.stack(spikes, 1)

    def logits(self, x: Tensor) -> Tensor:
        drive = self.w2(self.hidden(x))
        membrane = total = torch.zeros_like(drive[:, 0])
        for each in drive.unbind(1):
            _, membrane = self.readout(each, membrane)
            total = total + membrane
        return LOGIT_SCALE * total


class SpikingJelly(TorchSimulator):
    """LIFNode and NonSpikingLIFNode over all steps at once (``step_mode="m"``)."""

    def __init__(self, w1: Tensor, w2: Tensor, alpha: float) -> None:
        linear = [layer.Linear(*each.shape, bias=False, step_mode="m") for each in (w1, w2)]
        super().__init__(linear, w1, w2)
        tau = 1 / (1 - alpha)
        self.neuron = neuron.LIFNode(
            tau, decay_input=False, surrogate_function=Sigmoid(alpha=BETA), step_mode="m"
        )
        self.readout = neuron.NonSpikingLIFNode(tau, decode="mean-mem")

    def hidden(self, x: Tensor) -> Tensor:
        functional.reset_net(self.neuron)
        return self.neuron(self.w1(x.transpose(0, 1))).transpose(0, 1)

    def logits(self, x: Tensor) -> Tensor:
        mean = self.readout(self.w2(self.hidden(x).transpose(0, 1)))
        return LOGIT_SCALE * x.shape[1] * self.readout.tau * mean  # its drive is divided by tau


def sigmoid_slope(x: jax.Array) -> jax.Array:
    """The derivative of a sigmoid, which Spyx does not have."""
    return BETA * jax.nn.sigmoid(BETA * x) * jax.nn.sigmoid(-BETA * x)


def mean_loss(model: Any, x: jax.Array, y: jax.Array) -> jax.Array:
    """Cross-entropy of the readout's sum over time; ``x``: (steps, samples, inputs)."""
    logits = LOGIT_SCALE * spyx.nn.run(model, x)[0].sum(0)
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()


class Spyx:
    """spyx.nn.LIF and LI, compiled by its own training step."""

    train_step = staticmethod(spyx.optimize.make_train_step(mean_loss))

    def __init__(self, w1: Tensor, w2: Tensor, alpha: float) -> None:
        rngs = nnx.Rngs(0)
        linear = [nnx.Linear(*each.shape, use_bias=False, rngs=rngs) for each in (w1, w2)]
        for each, weight in zip(linear, (w1, w2), strict=True):
            each.kernel[...] = jnp.asarray(weight.numpy())
        spike = spyx.axn.custom(bwd=sigmoid_slope)
        lif = spyx.nn.LIF((w1.shape[1],), beta=alpha, activation=spike, rngs=rngs)
        readout = spyx.nn.LI((w2.shape[1],), beta=alpha, rngs=rngs)
        self.layers = spyx.nn.Sequential(linear[0], lif)
        self.model = spyx.nn.Sequential(linear[0], lif, linear[1], readout)
        self.optimiser = nnx.Optimizer(self.model, optax.adam(LEARNING_RATE), wrt=nnx.Param)

    def hidden(self, x: Tensor) -> Tensor:
        spikes = spyx.nn.run(self.layers, jnp.asarray(x.numpy()), batch_major=True)[0]
        return torch.from_numpy(np.array(spikes))

    def batch(self, x: Tensor, y: Tensor) -> tuple[jax.Array, jax.Array]:
        return jnp.asarray(x.transpose(0, 1).numpy()), jnp.asarray(y.numpy())

    def step(self, x: jax.Array, y: jax.Array) -> float:
        return float(self.train_step(self.model, self.optimiser, x, y))


class Naive(NaiveNetwork):
    """The notebooks' loop with signed weights."""

    def __init__(self, w1: Tensor, w2: Tensor, alpha: float) -> None:
        super().__init__(w1.abs(), w2.abs(), (w1.sign(), w2.sign()), alpha)

    def batch(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return x, y

    def hidden(self, x: Tensor) -> Tensor:
        return hidden_layer(x, self.w1 * self.signs[0], self.alpha)


class Compiled(Naive):
    """The same, compiled as a whole: the loop over time is unrolled."""

    def __init__(self, w1: Tensor, w2: Tensor, alpha: float) -> None:
        super().__init__(w1, w2, alpha)
        self.evaluate = torch.compile(super().evaluate, fullgraph=True)  # type: ignore[method-assign]


SIMULATORS: dict[str, Callable[[Tensor, Tensor, float], Any]] = {
    "naive": Naive,
    "compiled": Compiled,
    "snntorch": SnnTorch,
    "spikingjelly": SpikingJelly,
    "spyx": Spyx,
}

"""The network without a hidden layer: docs/model.md, "Membrane-only network"."""

from collections.abc import Mapping

import torch
from torch import Tensor

from spikeloc.config.base import checked
from spikeloc.config.parameters import (
    Backend,
    LayerParameters,
    NetworkParameters,
    StimulusParameters,
)
from spikeloc.networks.ensemble_data import UNPACKED_SAMPLES, PackedSpikes, sum_over_time
from spikeloc.networks.network import LocalisationNetwork, NetworkOutput
from spikeloc.networks.network_weights import Seeds
from spikeloc.networks.spiking_network import LARGE_BATCH, SpikingNetwork


class MembraneOnlyNetwork(LocalisationNetwork):
    """Input spikes drive leaky integrators; these summed over time are the logits.

    Its only parameter is ``w1`` (networks, inputs, outputs), float32; a single network's lacks the
    first axis. Arguments and errors: see :class:`SpikingNetwork`.
    """

    w1: Tensor

    def __init__(
        self,
        parameters: NetworkParameters | None = None,
        stimulus: StimulusParameters | None = None,
        seed: Seeds = 0,
        backend: Backend = "auto",
        weights: Mapping[str, Tensor] | None = None,
    ) -> None:
        parameters = parameters or NetworkParameters(model="membrane_only")
        parameters = checked("parameters", parameters, NetworkParameters)
        if parameters.model != "membrane_only":
            raise ValueError("parameters: model: spiking is for SpikingNetwork")
        super().__init__(parameters, stimulus, seed, backend)
        shape = (self.inputs, parameters.outputs)
        self.add_layers({"w1": (LayerParameters(), shape)}, weights)

    def run(self, spikes: PackedSpikes | Tensor, record: bool) -> NetworkOutput:
        if self.over_time == "maximum":
            inputs = spikes if isinstance(spikes, Tensor) else spikes.unpacked()
            w1 = self.w1 if self.ensemble else self.w1[None]
            return NetworkOutput(self.largest(inputs.to(w1.dtype) @ w1.unsqueeze(-3)))
        if isinstance(spikes, Tensor):
            summed = sum_over_time(spikes, self.step_weights(spikes.shape[2], self.w1))
        else:
            summed = spikes.summed(self.step_weights(spikes.steps, self.w1))
        return NetworkOutput(torch.bmm(summed, self.w1 if self.ensemble else self.w1[None]))

    def prepare(self, spikes: PackedSpikes, training: bool = False) -> PackedSpikes:
        """Inputs summed over time, since the network is linear in them."""
        if spikes.sums is not None or self.over_time == "maximum":
            return spikes
        return spikes.with_sums(self.step_weights(spikes.steps, self.w1))

    def evaluation_batch(self, spikes: PackedSpikes) -> int:
        return UNPACKED_SAMPLES if spikes.sums is None else LARGE_BATCH


def build_network(
    parameters: NetworkParameters,
    stimulus: StimulusParameters,
    seed: Seeds = 0,
    backend: Backend = "auto",
    weights: Mapping[str, Tensor] | None = None,
) -> LocalisationNetwork:
    """The network of these parameters, of either kind."""
    kind = {"spiking": SpikingNetwork, "membrane_only": MembraneOnlyNetwork}[parameters.model]
    return kind(parameters, stimulus, seed, backend, weights)

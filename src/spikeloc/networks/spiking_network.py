"""The spiking network: input fibres, a hidden layer of LIF units, and a readout."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Self

import torch
from torch import Tensor
from torch.nn.functional import pad

from spikeloc.config.base import check_range, checked
from spikeloc.config.parameters import Backend, NetworkParameters, StimulusParameters
from spikeloc.io.errors import InputError
from spikeloc.native import use_native
from spikeloc.networks.ensemble_data import UNPACKED_SAMPLES, PackedSpikes, sum_over_time
from spikeloc.networks.network import LocalisationNetwork, NetworkOutput, Places
from spikeloc.networks.network_weights import Seeds
from spikeloc.networks.neuron import LIFUnits, decay, integrator_potentials
from spikeloc.networks.noise import hidden_noise
from spikeloc.networks.signs.dann import EPSILON, Divisive

LARGE_BATCH = 512  # samples


class SpikingNetwork(LocalisationNetwork):
    """Input spikes drive LIF units, whose spikes drive leaky integrators; these summed over time
    are the logits: docs/model.md, "Neuron"; docs/model.md, "Readout".

    Its parameters are ``w1`` (networks, inputs, hidden) and ``w2`` (networks, hidden, outputs),
    float32; a single network's lack the first axis. Where ``parameters`` constrain signs,
    ``network.w1`` is the signed weight, and ``network.parametrizations.w1.original`` what is
    trained.

    Args:
        parameters: of the network, as in a config's ``network:``.
        stimulus: gives the number of inputs and the time step.
        seed: of a single network's initial weights and signs, or a sequence: one network each,
            an ensemble whose tensors have the networks as first axis.
        backend: "auto" takes the native core where it can be used, "native" insists on it, and
            "reference" is plain torch.
        weights: signed weights by name ("w1", "w2") to start from instead of drawn ones, shaped as
            the network's; their signs are not constrained then.

    Raises:
        ValueError: an argument is out of range, or weights do not fit; the message names it.
        TypeError: an argument is of another kind.
    """

    w1: Tensor
    w2: Tensor

    def __init__(
        self,
        parameters: NetworkParameters | None = None,
        stimulus: StimulusParameters | None = None,
        seed: Seeds = 0,
        backend: Backend = "auto",
        weights: Mapping[str, Tensor] | None = None,
    ) -> None:
        parameters = checked("parameters", parameters, NetworkParameters)
        if parameters.model != "spiking":
            raise ValueError("parameters: model: membrane_only is for MembraneOnlyNetwork")
        stimulus = checked("stimulus", stimulus, StimulusParameters)
        super().__init__(parameters, stimulus, seed, backend)
        self.reference_only = parameters.reference_only
        if backend == "native" and self.reference_only:
            raise InputError(f"backend: the native core cannot compute {self.reference_only[0]}")
        parameters.w1.check_units(self.inputs, parameters.hidden_units)
        parameters.w2.check_units(parameters.hidden_units, parameters.outputs)
        self.units = LIFUnits(
            self.alpha,
            parameters.surrogate_slope,
            parameters.surrogate,
            parameters.reset,
            decay(parameters.threshold_tau_ms, self.time_step_ms),
            parameters.threshold_jump,
            parameters.refractory_steps(stimulus),
        )
        self.readout_units = replace(
            self.units, alpha=self.readout_alpha, threshold_jump=0.0, refractory_steps=0
        )
        self.noise_sd = parameters.noise_sd
        self.divides = parameters.divides
        self.silent: list[int] = []  # hidden units that noise does not reach
        hidden, outputs = parameters.hidden_units, parameters.outputs
        layers = {"w1": (parameters.w1, (self.inputs, hidden))}
        self.add_layers(layers | {"w2": (parameters.w2, (hidden, outputs))}, weights)

    def run(self, spikes: PackedSpikes | Tensor, record: bool) -> NetworkOutput:
        noise = self._noise(spikes) if self.noise_sd else None
        if isinstance(spikes, PackedSpikes) and not record and self.is_native(spikes.bits.device):
            return self._run_native(spikes, noise)
        output = self.run_reference(spikes, noise)
        return output if record else replace(output, hidden_spikes=None)

    def is_native(self, device: torch.device) -> bool:
        """Whether the native core computes on this device; it lacks what ``reference_only`` names.

        Raises:
            InputError: ``backend`` is "native" and the native core cannot be used.
        """
        return not self.reference_only and use_native(self.backend, device.type)

    def _run_native(self, spikes: PackedSpikes, noise: Tensor | None) -> NetworkOutput:
        from spikeloc.native.hidden import HiddenLayer  # can be imported only if it was built

        w1, w2 = self._layers()
        if w1.dtype != torch.float32:
            kind = str(w1.dtype).removeprefix("torch.")
            raise ValueError(
                f"network: the native core computes in float32, not {kind}; "
                'make the network with backend="reference"'
            )
        weights = [w1]
        if self.divides:
            division, raw = self._division()
            weights += [division.divisor(*raw), *raw[-2:]]
        if not torch.is_grad_enabled():  # else the operation would remember what a gradient needs
            weights = [each.detach() for each in weights]
        if spikes.trains is None and any(each.requires_grad for each in weights):
            spikes = spikes.with_trains()
        summed, counts = HiddenLayer.apply(  # type: ignore[no-untyped-call]
            spikes.bits,
            spikes.trains,
            spikes.row,
            self.step_weights(spikes.steps, w1),
            self.alpha,
            self.units.slope,
            self.units.surrogate,
            noise,
            EPSILON,
            *[each.contiguous() for each in weights],
        )
        return NetworkOutput(torch.bmm(summed, w2), counts)

    def run_reference(
        self, spikes: PackedSpikes | Tensor, noise: Tensor | None = None
    ) -> NetworkOutput:
        """Run an ensemble in plain torch; hidden spikes are kept.

        Args:
            spikes: packed, or 0 and 1, float (networks, samples, steps, inputs).
            noise: current into hidden units, (networks, samples, steps - 2, hidden), as
                :func:`spikeloc.networks.noise.hidden_noise` gives it.
        """
        w1, w2 = self._layers()
        inputs = spikes.unpacked() if isinstance(spikes, PackedSpikes) else spikes
        inputs = inputs.to(w1.dtype)
        drive = self._drive(w1, inputs.flatten(1, 2)).view(*inputs.shape[:3], -1)
        if noise is not None:  # later steps cannot reach the logits
            drive = drive + pad(noise, (0, 0, 0, drive.shape[2] - noise.shape[2]))
        hidden = torch.stack([state.spikes for state in self.units.states(drive)], dim=2)
        if self.over_time == "maximum":
            logits = self.largest(hidden @ w2.unsqueeze(-3))
        elif self.over_time == "spike_count":
            states = self.readout_units.states(hidden @ w2.unsqueeze(-3))
            logits = self.logit_scale * torch.stack([state.spikes for state in states]).sum(0)
        else:
            logits = sum_over_time(hidden, self.step_weights(hidden.shape[2], hidden)) @ w2
        return NetworkOutput(logits, hidden.sum(2), hidden)

    def _drive(self, w1: Tensor, inputs: Tensor) -> Tensor:
        """Drive of hidden units, (networks, time steps, hidden), by spikes (networks, time steps,
        inputs)."""
        if not self.divides:
            return torch.bmm(inputs, w1)
        division, raw = self._division()
        return division.drive(inputs, raw)

    def _division(self) -> tuple[Divisive, list[Tensor]]:
        """The layer with divisive inhibition, and its raw parameters with the networks as first
        axis."""
        constraint, raw = self.constraint("w1"), self.raw_parameters("w1")
        assert isinstance(constraint, Divisive)
        return constraint, [each if self.ensemble else each[None] for each in raw]

    def _noise(self, spikes: PackedSpikes | Tensor) -> Tensor:
        if isinstance(spikes, Tensor):
            raise ValueError("spikes: noise_sd has no gradient for spikes")
        bits = spikes.bits[spikes.row]
        noise = hidden_noise(bits, self.w2.shape[-2], self.noise_sd, spikes.epoch)
        noise[..., self.silent] = 0
        return noise

    def _layers(self) -> tuple[Tensor, Tensor]:
        """Both signed weights with the networks as first axis."""
        w1, w2 = self.w1, self.w2
        return (w1, w2) if self.ensemble else (w1[None], w2[None])

    def output_potentials(self, output: NetworkOutput) -> Tensor:
        """Potentials of the readout in each time step, (networks, samples, steps, outputs), without
        the first axis for a single network.

        Raises:
            ValueError: the output's hidden spikes were not recorded.
        """
        if output.hidden_spikes is None:
            raise ValueError("output: its hidden spikes were not recorded")
        drive = output.hidden_spikes @ self.w2.unsqueeze(-3)
        if self.over_time == "spike_count":
            states = self.readout_units.states(drive)
            return torch.stack([state.potential for state in states], dim=-2)
        return integrator_potentials(drive, self.readout_alpha)

    def prepare(self, spikes: PackedSpikes, training: bool = False) -> PackedSpikes:
        """For training, the spike trains from which the native core gets gradients."""
        return spikes.with_trains() if training and self.is_native(spikes.bits.device) else spikes

    def evaluation_batch(self, spikes: PackedSpikes) -> int:
        """Few where spikes are unpacked or noise is made."""
        lean = self.is_native(spikes.bits.device) and not self.noise_sd
        return LARGE_BATCH if lean else UNPACKED_SAMPLES

    def lesion(self, hidden: Places = (), inputs: Places = ()) -> Self:
        if self.divides:
            raise ValueError("a network with divisive inhibition cannot be lesioned")
        return super().lesion(hidden, inputs)

    def silence_(self, hidden: list[int], inputs: list[int]) -> None:
        super().silence_([], inputs)
        for unit in hidden:
            check_range("hidden", unit, 0, self.w2.shape[-2] - 1)
        self.w1.data[..., hidden] = 0
        self.w2.data[..., hidden, :] = 0
        self.silent = [*self.silent, *hidden]

"""Networks that localise sound, as modules of torch: one network, or an ensemble of them.

Everything here that is written in plain torch is the reference: it runs on any device and defines
what is right. Source: docs/model.md, "Neuron"; docs/model.md, "Readout".
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from spikeloc.config.base import check_kind, check_range, checked
from spikeloc.config.parameters import Backend, NetworkParameters, StimulusParameters
from spikeloc.native import check_backend
from spikeloc.networks.ensemble_data import Batch, Data, EnsembleData, PackedSpikes
from spikeloc.networks.network_weights import NetworkWeights, Seeds
from spikeloc.networks.neuron import decay, integrator_potentials
from spikeloc.networks.readout import readout_weights, sample_losses
from spikeloc.stimulus.dataset import LocalisationDataset
from spikeloc.stimulus.spike_trains import SpikeTrains

Places = int | Sequence[int] | npt.NDArray[np.integer | np.bool_] | Tensor


@dataclass(frozen=True)
class NetworkOutput:
    """What a network, or each of an ensemble, makes of its input; a single network's tensors lack
    the first axis.

    ``logits`` (networks, samples, outputs); ``hidden_counts``: number of spikes of each hidden unit
    in each sample (networks, samples, hidden), with a gradient, None without a hidden layer;
    ``hidden_spikes``: 0 or 1 (networks, samples, steps, hidden), with a gradient, None without a
    hidden layer or if not asked for by ``record``.
    """

    logits: Tensor
    hidden_counts: Tensor | None = None
    hidden_spikes: Tensor | None = None

    def map(self, function: Callable[[Tensor], Tensor]) -> Self:
        """The same with a function applied to each tensor."""
        present = {name: each for name, each in vars(self).items() if each is not None}
        return replace(self, **{name: function(each) for name, each in present.items()})


class LocalisationNetwork(NetworkWeights, ABC):
    """What :class:`SpikingNetwork` and :class:`MembraneOnlyNetwork` have in common."""

    w1: Tensor

    def __init__(
        self,
        parameters: NetworkParameters,
        stimulus: StimulusParameters | None,
        seed: Seeds,
        backend: Backend,
    ) -> None:
        stimulus = checked("stimulus", stimulus, StimulusParameters)
        check_backend(backend)
        super().__init__(seed, stimulus.inputs)
        self.backend = backend
        self.time_step_ms = stimulus.time_step_ms
        self.classes = parameters.classes
        self.readout = parameters.readout
        self.logit_scale = parameters.logit_scale
        self.over_time = parameters.readout_over_time
        self.alpha = decay(parameters.tau_ms, stimulus.time_step_ms)
        readout_tau_ms = parameters.readout_tau_ms or parameters.tau_ms
        self.readout_alpha = decay(readout_tau_ms, stimulus.time_step_ms)

    @abstractmethod
    def run(self, spikes: PackedSpikes | Tensor, record: bool) -> NetworkOutput:
        """Run an ensemble on spikes, packed or float (networks, samples, steps, inputs)."""

    def extra_repr(self) -> str:
        shapes = ", ".join(f"{name} {tuple(getattr(self, name).shape)}" for name in self.layers)
        return f"{shapes}, steps of {self.time_step_ms:g} ms"

    def forward(
        self, spikes: SpikeTrains | PackedSpikes | Tensor, record: bool = False
    ) -> NetworkOutput:
        """Run the network; gradients flow to its parameters.

        Args:
            spikes: of the inputs: packed, or a tensor of 0 and 1 (samples, steps, inputs), in time
                steps of the network's ``time_step_ms``. An ensemble runs all its networks on them,
                or each on its own: (networks, samples, steps, inputs).
            record: keep the hidden spikes, which only the reference can. Gradients flow through
                them, as through ``hidden_counts``.

        Raises:
            ValueError: the spikes are of another number of inputs or another time step, or not
                0 and 1; or the native core is to compute in another type than float32.
            TypeError: they are not spikes.
            InputError: ``backend`` is "native" and the native core cannot be used.
        """
        output = self.run(self._input(spikes), record)
        return output if self.ensemble else output.map(lambda each: each[0])

    def _input(self, spikes: SpikeTrains | PackedSpikes | Tensor) -> PackedSpikes | Tensor:
        if isinstance(spikes, PackedSpikes):
            return spikes
        if isinstance(spikes, SpikeTrains):
            self.check_spikes(spikes)
            return self._packed(torch.from_numpy(spikes.bits))
        check_kind("spikes", spikes, SpikeTrains, Tensor, np.ndarray)
        spikes = torch.as_tensor(spikes)  # perhaps of numpy
        if spikes.dim() not in ({3, 4} if self.ensemble else {3}):
            raise ValueError(f"spikes: must be (samples, steps, inputs), not {tuple(spikes.shape)}")
        self._check_inputs(spikes.shape[-1])
        if spikes.dim() == 4 and len(spikes) != self.networks:
            raise ValueError(f"spikes: of {len(spikes)} networks, but there are {self.networks}")
        if not ((spikes == 0) | (spikes == 1)).all():
            raise ValueError("spikes: must be 0 or 1")
        if spikes.requires_grad:  # only the reference has a gradient for its inputs
            return spikes.expand(self.networks, *spikes.shape[-3:])
        bits = np.packbits(spikes.cpu().numpy().astype(np.bool_), axis=-1, bitorder="little")
        return self._packed(torch.from_numpy(bits))

    def _packed(self, bits: Tensor) -> PackedSpikes:
        """Bits of all networks, uint8 (samples, steps, bytes), or of each one's own samples."""
        row = torch.arange(bits.shape[:-2].numel()).view(bits.shape[:-2])
        row = row.expand(self.networks, bits.shape[-3]).contiguous()
        bits = bits.flatten(0, -3).to(self.device)
        return PackedSpikes(bits, row.to(self.device), self.inputs)

    def ensemble_data(self, data: Data) -> EnsembleData:
        """The data of each network of an ensemble, on its device, from one data set for all
        networks or one for each.

        Raises:
            ValueError: they are of another number of networks, fibres or classes, or of another
                time step.
            TypeError: they are no data sets.
        """
        if isinstance(data, EnsembleData):
            return data
        sets = data if isinstance(data, list | tuple) else [data] * self.networks
        each = cast(Sequence[LocalisationDataset], sets)
        for own in each:
            check_kind("data", own, LocalisationDataset)
            self._check_classes(own.classes)
        if len(each) != self.networks:
            raise ValueError(f"data: {len(each)} data sets for {self.networks} networks")
        for own in each:
            self.check_spikes(own.spikes)
        return EnsembleData.from_data_sets([own.data for own in each], self.classes, self.device)

    def _check_classes(self, classes: int | None) -> None:
        if classes is None and self.readout == "classes":
            raise ValueError("data: its targets are IPDs, but the network's outputs are classes")
        if classes not in (None, self.classes):
            raise ValueError(f"data: {classes} classes, but the network has {self.classes}")

    def check_spikes(self, spikes: SpikeTrains) -> None:
        """Check that spikes are of the network's inputs and time step.

        Raises:
            ValueError: they are not; the message says what is wanted.
        """
        self._check_inputs(spikes.fibres)
        if spikes.time_step_ms != self.time_step_ms:
            raise ValueError(
                f"spikes: in steps of {spikes.time_step_ms:g} ms, but the network's are of "
                f"{self.time_step_ms:g} ms"
            )

    def _check_inputs(self, fibres: int) -> None:
        if fibres != self.inputs:
            raise ValueError(f"spikes: {fibres} fibres, but the network has {self.inputs} inputs")

    def step_weights(self, steps: int, like: Tensor) -> Tensor:
        """What a spike in each time step adds to the logits per unit of the last layer's weight,
        (steps,), with dtype and device of ``like``. With ``readout_over_time: maximum`` there are
        none."""
        weights = readout_weights(self.over_time, self.logit_scale, steps, self.readout_alpha)
        return weights.to(like.device, like.dtype)

    def largest(self, drive: Tensor) -> Tensor:
        """Logits (..., outputs) of ``readout_over_time: maximum``, from the readout's drive (...,
        steps, outputs)."""
        return self.logit_scale * integrator_potentials(drive, self.readout_alpha).max(-2).values

    def sample_losses(self, output: NetworkOutput, batch: Batch) -> Tensor:
        """Loss of each sample of an ensemble, (networks, samples): see
        :func:`spikeloc.networks.readout.sample_losses`."""
        return sample_losses(output.logits, batch, self.readout)

    @abstractmethod
    def prepare(self, spikes: PackedSpikes, training: bool = False) -> PackedSpikes:
        """Spikes with what all batches of them need computed once."""

    @abstractmethod
    def evaluation_batch(self, spikes: PackedSpikes) -> int:
        """Number of samples to evaluate at a time."""

    def lesion(self, hidden: Places = (), inputs: Places = ()) -> Self:
        """A copy in which these hidden units and input fibres are silent, and in which no signs are
        constrained any more. They are given by number, from 0, one or several, or as a mask.

        Raises:
            ValueError: there is no such unit or fibre; the message names it.
        """
        network = self.unconstrained()
        network.silence_(_places(hidden), _places(inputs))
        return network

    def silence_(self, hidden: list[int], inputs: list[int]) -> None:
        """Set weights from these input fibres, and those to and from hidden units, to zero."""
        for fibre in inputs:
            check_range("inputs", fibre, 0, self.inputs - 1)
        if hidden:
            raise ValueError("hidden: a network without a hidden layer has no such units")
        self.w1.data[..., inputs, :] = 0


def _places(chosen: Places) -> list[int]:
    array = np.asarray(chosen)
    places = np.flatnonzero(array).tolist() if array.dtype == np.bool_ else array.tolist()
    return places if isinstance(places, list) else [places]

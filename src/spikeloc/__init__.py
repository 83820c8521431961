"""spikeloc: spiking neural networks that localise sound, in torch.

A tone reaches two ears with an interaural phase difference (IPD). Auditory-nerve fibres turn it
into spikes, and small networks of leaky integrate-and-fire neurons are trained to tell the IPD,
with or without Dale's principle. To start with:

    import spikeloc

    stimulus = spikeloc.StimulusParameters(frequency_hz=40)
    dale = spikeloc.LayerParameters(signs="dale", inhibitory_fraction=0.5)
    parameters = spikeloc.NetworkParameters(w1=dale, w2=dale)
    network = spikeloc.SpikingNetwork(parameters, stimulus, seed=1)
    training = spikeloc.LocalisationDataset(stimulus, seed=1)
    validation = spikeloc.LocalisationDataset(stimulus, seed=1, purpose="validation")
    spikeloc.train(network, training, validation, report=print)
    spikes = training.spikes[:64]
    logits = network(spikes).logits

What there is (each has its own help):

    StimulusParameters, NetworkParameters, LayerParameters, TrainingParameters
        the blocks of a config, checked when they are made
    LocalisationDataset, EpochSampler, SpikeTrains
        stimuli as a torch Dataset; spikes packed as bits, with their time step
    SpikingNetwork, MembraneOnlyNetwork, NetworkOutput
        torch Modules: one network, or an ensemble with the networks as first axis
    signs
        sign constraints as torch parametrizations, for any module's weights
    EnsembleAdam, train, evaluate
        training and scores, as in the paper
    ideal_observer
        the best that any decoder of the same spikes can do
    LoadedRun, load_run
        the networks of a finished run of the workflow
    to_nir
        a network as a graph of NIR, for other simulators
"""

import shutil
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

# On a full disk, Python may write half a file of bytecode, which it takes for a whole one later.
if shutil.disk_usage(__path__[0]).free < 16 << 20:
    sys.dont_write_bytecode = True
    with suppress(OSError):  # that of this file has been written, if it may be at all
        Path(__spec__.cached or "").unlink()

if TYPE_CHECKING:
    from spikeloc.config.parameters import (
        LayerParameters,
        NetworkParameters,
        StimulusParameters,
        TrainingParameters,
    )
    from spikeloc.decoders.ideal_observer import ideal_observer
    from spikeloc.metrics.evaluation import evaluate
    from spikeloc.networks import signs
    from spikeloc.networks.loaded_run import LoadedRun, load_run
    from spikeloc.networks.membrane_only import MembraneOnlyNetwork
    from spikeloc.networks.network import NetworkOutput
    from spikeloc.networks.nir_export import to_nir
    from spikeloc.networks.spiking_network import SpikingNetwork
    from spikeloc.stimulus.dataset import EpochSampler, LocalisationDataset
    from spikeloc.stimulus.spike_trains import SpikeTrains
    from spikeloc.training.optimiser import EnsembleAdam
    from spikeloc.training.train import train

_PLACES = {
    "EnsembleAdam": "training.optimiser",
    "EpochSampler": "stimulus.dataset",
    "LayerParameters": "config.parameters",
    "LoadedRun": "networks.loaded_run",
    "LocalisationDataset": "stimulus.dataset",
    "MembraneOnlyNetwork": "networks.membrane_only",
    "NetworkOutput": "networks.network",
    "NetworkParameters": "config.parameters",
    "SpikeTrains": "stimulus.spike_trains",
    "SpikingNetwork": "networks.spiking_network",
    "StimulusParameters": "config.parameters",
    "TrainingParameters": "config.parameters",
    "evaluate": "metrics.evaluation",
    "ideal_observer": "decoders.ideal_observer",
    "load_run": "networks.loaded_run",
    "to_nir": "networks.nir_export",
    "train": "training.train",
}

__all__ = [
    "EnsembleAdam",
    "EpochSampler",
    "LayerParameters",
    "LoadedRun",
    "LocalisationDataset",
    "MembraneOnlyNetwork",
    "NetworkOutput",
    "NetworkParameters",
    "SpikeTrains",
    "SpikingNetwork",
    "StimulusParameters",
    "TrainingParameters",
    "evaluate",
    "ideal_observer",
    "load_run",
    "signs",
    "to_nir",
    "train",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    # late, because torch is slow to import, and most rules of the workflow do without it
    if name == "signs":
        return import_module("spikeloc.networks.signs")
    if name in _PLACES:
        return getattr(import_module(f"spikeloc.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

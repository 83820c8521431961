"""One trial of one trained network, from input spikes to the decision
(docs/model.md, "Analysis of trained networks")."""

import math

import numpy as np
import numpy.typing as npt

from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.stimulus.classes import ipd_class
from spikeloc.stimulus.generator import Trials, draw_spikes

IPD_RAD = math.radians(37.5)  # the middle of a class, if there are 12


def example_trial(run: LoadedRun, ipd_rad: float = IPD_RAD) -> dict[str, npt.ArrayLike]:
    """What the first network of an ensemble does with one sample, starting phase 0.

    Returns:
        ``input_spikes`` (steps, inputs) and ``hidden_spikes`` (steps, hidden), uint8;
        ``potentials`` of the readout and their ``running_sums`` (steps, classes), the last of
        which times the logit scale are the logits; ``ipd_rad``, ``true_class``,
        ``estimated_class``, ``time_step_ms``.
    """
    parameters = run.parameters
    trials = Trials(np.array([ipd_rad]), np.zeros(1))
    spikes = draw_spikes(parameters.stimulus, run.seeds[0], "trial", trials)
    output = run(spikes)
    assert isinstance(run.network, SpikingNetwork) and output.hidden_spikes is not None
    potentials = run.network.output_potentials(output)[0, 0].detach().numpy()
    return {
        "input_spikes": spikes.unpack()[0].astype(np.uint8),
        "hidden_spikes": output.hidden_spikes[0, 0].numpy().astype(np.uint8),
        "potentials": potentials,
        "running_sums": potentials.cumsum(axis=0),
        "time_step_ms": parameters.stimulus.time_step_ms,
        "ipd_rad": ipd_rad,
        "true_class": ipd_class(trials.ipd_rad, parameters.network.classes)[0],
        "estimated_class": output.logits[0, 0].argmax().item(),
    }

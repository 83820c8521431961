"""Trained networks for other simulators, in the Neuromorphic Intermediate Representation (NIR).

Source: docs/nir.md, with what other simulators make of them; Pedersen et al. 2024, doi
10.1038/s41467-024-52259-9.
"""

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from spikeloc.config.network_ids import NetworkId
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.networks.network import LocalisationNetwork
from spikeloc.networks.neuron import THRESHOLD
from spikeloc.networks.spiking_network import SpikingNetwork

if TYPE_CHECKING:
    import nir

Floats = npt.NDArray[np.float32]
Integration = Literal["euler", "exact"]
NOTES = {
    "late": "A unit spikes one step after it has exceeded the threshold, and is reset one step "
    "after that. NIR has no node for this: other simulators give other spikes and logits.",
    "immediate": "A unit spikes and is reset in the step in which it exceeds the threshold.",
}
# from an input spike to the first potential of the readout that it moves
STEPS_TO_OUTPUT = {"late": 3, "immediate": 2}


def to_nir(
    network: LoadedRun | LocalisationNetwork,
    seed: int | NetworkId | None = None,
    integration: Integration = "euler",
    time_step_ms: float | None = None,
) -> "nir.NIRGraph":
    """One network as a graph: input, w1, hidden (LIF), w2, readout (LI), output.

    A drive is added to our potentials, but is integrated by those of NIR. So weights are divided by
    ``1 - alpha``, and ``tau`` is such that a step of the simulator leaves ``alpha`` of a potential.
    ``metadata`` says what the nodes do not: "dt" in s, and "logit_scale", "steps_to_output" and
    "readout", with which outputs become logits; see docs/nir.md.

    Args:
        network: of a single seed; or a loaded run, together with ``seed``.
        seed: of the run's network.
        integration: how the simulator solves the differential equation in a time step: "euler"
            leaves ``1 - dt / tau`` of a potential, "exact" ``exp(-dt / tau)``.
        time_step_ms: of the simulator, if it is not the network's; one step stays one step.

    Raises:
        ImportError: the package nir is not installed.
        KeyError: the run has no network of this seed.
        ValueError: NIR cannot express the network, or it is not a single one; or another argument
            is out of range. The message says which.
    """
    if isinstance(network, LoadedRun):
        if seed is None:
            raise ValueError(f"seed: needed, one of {network.seeds}")
        network = network[seed]
    elif seed is not None:
        raise ValueError("seed: is for a loaded run only")
    if not isinstance(network, SpikingNetwork) or network.ensemble:
        raise ValueError("network: must be a single SpikingNetwork")
    if network.divides:
        raise ValueError("network: NIR has no divisive inhibition (w1: method: dann)")
    if integration not in ("euler", "exact"):
        raise ValueError(f"integration: must be euler or exact, not {integration!r}")
    step_ms = network.time_step_ms if time_step_ms is None else time_step_ms
    if not 0 < step_ms < math.inf:
        raise ValueError(f"time_step_ms: must be positive, not {step_ms!r}")
    if network.readout_alpha != network.alpha or network.over_time != "sum":
        raise ValueError(
            "network: only one time constant and a sum over time can be exported, neither "
            "readout_tau_ms nor readout_over_time"
        )
    for parameter in network.reference_only:
        if parameter != "reset: immediate":
            raise ValueError(f"network: NIR has no neuron with {parameter}")
    if not 0 < network.alpha < 1:
        raise ValueError("network: its tau_ms is too far from its time step")
    try:
        import nir
    except ImportError:
        raise ImportError("to_nir needs the package nir: call `pip install nir`") from None

    lost, dt = 1 - network.alpha, step_ms / 1000
    tau = dt / lost if integration == "euler" else -dt / math.log(network.alpha)
    w1, w2 = (
        (network.signed_weights()[name].double().cpu().numpy().T / lost).astype(np.float32)
        for name in ("w1", "w2")
    )

    def neurons(count: int, **values: float) -> dict[str, Floats]:
        values = {"tau": tau, "r": 1.0, "v_leak": 0.0} | values
        return {name: np.full(count, value, np.float32) for name, value in values.items()}

    hidden = neurons(len(w1), v_threshold=THRESHOLD, v_reset=0.0)
    nodes = {
        "input": nir.Input({"input": np.array([network.inputs])}),
        "w1": nir.Linear(w1),
        "hidden": nir.LIF(**hidden),
        "w2": nir.Linear(w2),
        "readout": nir.LI(**neurons(len(w2))),
        "output": nir.Output({"output": np.array([len(w2)])}),
    }
    reset = network.units.reset
    metadata: dict[str, Any] = {
        "dt": dt,
        "integration": integration,
        "logit_scale": network.logit_scale,
        "noise_sd": network.noise_sd,
        "note": NOTES[reset],
        "readout": network.readout,
        "reset": reset,
        "steps_to_output": STEPS_TO_OUTPUT[reset],
    }
    names = list(nodes)
    return nir.NIRGraph(nodes, list(pairwise(names)), metadata)

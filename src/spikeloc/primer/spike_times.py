"""Spikes as a mapping {neuron: spike times} and as a binary raster (steps, neurons).

The spike of step n is at time ``n dt``; a spike time belongs to the nearest step. Source:
docs/model.md, "Neuron primer".
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from spikeloc.io.errors import InputError


def spike_times_ms(
    raster: npt.NDArray[np.bool_], time_step_ms: float
) -> dict[int, npt.NDArray[np.floating]]:
    """Ascending spike times of each neuron in ms, from a raster (steps, neurons)."""
    return {neuron: np.flatnonzero(train) * time_step_ms for neuron, train in enumerate(raster.T)}


def binary_raster(
    times_ms: Mapping[int, npt.ArrayLike], steps: int, neurons: int, time_step_ms: float
) -> npt.NDArray[np.bool_]:
    """The raster (steps, neurons) of spike times in ms by neuron; missing neurons are silent.

    Raises:
        InputError: a neuron or a time is outside the raster, or two spikes are in one step.
    """
    raster = np.zeros((steps, neurons), np.bool_)
    for neuron, times in times_ms.items():
        if not 0 <= neuron < neurons:
            raise InputError(f"neuron {neuron}: the raster has only {neurons}")
        nearest = np.rint(np.asarray(times, np.float64) / time_step_ms)
        if not ((nearest >= 0) & (nearest < steps)).all():
            raise InputError(f"neuron {neuron}: spikes outside the {steps} steps of the raster")
        train, counts = np.unique(nearest.astype(np.int64), return_counts=True)
        if (counts > 1).any():
            raise InputError(f"neuron {neuron}: two spikes in a step of {time_step_ms:g} ms")
        raster[train, neuron] = True
    return raster

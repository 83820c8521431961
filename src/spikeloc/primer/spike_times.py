"""Spikes as a mapping {neuron: spike times}."""

import numpy as np
import numpy.typing as npt


def spike_times_ms(
    raster: npt.NDArray[np.bool_], time_step_ms: float
) -> dict[int, npt.NDArray[np.floating]]:
    """Ascending spike times of each neuron in ms, from a raster (steps, neurons): step n is at
    ``n dt``."""
    return {neuron: np.flatnonzero(train) * time_step_ms for neuron, train in enumerate(raster.T)}

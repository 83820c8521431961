"""Spike times of a binary raster."""

import numpy as np

from spikeloc.primer.spike_times import spike_times_ms


def test_times_by_hand() -> None:
    raster = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 1]], np.bool_)
    times = spike_times_ms(raster, 0.5)
    assert {neuron: train.tolist() for neuron, train in times.items()} == {
        0: [0],
        1: [],
        2: [0.5, 1.5],
    }

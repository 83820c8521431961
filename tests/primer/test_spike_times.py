"""Spike times and binary rasters: there and back."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from spikeloc.io.errors import InputError
from spikeloc.primer.spike_times import binary_raster, spike_times_ms

RASTERS = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=30))
TIME_STEPS_MS = st.sampled_from([0.1, 0.3, 0.5, 1.0, 7.0])


def test_both_forms_by_hand() -> None:
    raster = binary_raster({2: [0.5, 1.5], 0: [0.0]}, steps=4, neurons=3, time_step_ms=0.5)
    assert raster.astype(int).tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 1]]
    times = spike_times_ms(raster, 0.5)
    assert {neuron: train.tolist() for neuron, train in times.items()} == {
        0: [0],
        1: [],
        2: [0.5, 1.5],
    }


def test_a_time_belongs_to_the_nearest_step() -> None:
    # 0.7 / 0.1 is just below 7
    raster = binary_raster({0: [0.7, 0.24, -0.04]}, steps=8, neurons=1, time_step_ms=0.1)
    assert np.flatnonzero(raster[:, 0]).tolist() == [0, 2, 7]


@given(RASTERS, TIME_STEPS_MS)
def test_raster_there_and_back(raster: NDArray[np.bool_], time_step_ms: float) -> None:
    steps, neurons = raster.shape
    times = spike_times_ms(raster, time_step_ms)
    assert np.array_equal(binary_raster(times, steps, neurons, time_step_ms), raster)


@given(
    st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 49), unique=True)),
    TIME_STEPS_MS,
    st.floats(-0.49, 0.49),
)
def test_times_there_and_back(
    trains: dict[int, list[int]], time_step_ms: float, jitter: float
) -> None:
    jittered = {n: (np.array(t, float) + jitter) * time_step_ms for n, t in trains.items()}
    raster = binary_raster(jittered, 50, 10, time_step_ms)
    back = spike_times_ms(raster, time_step_ms)
    assert list(back) == list(range(10))
    for neuron, times in back.items():
        expected = np.sort(trains.get(neuron, [])) * time_step_ms
        assert np.array_equal(times, expected)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ({3: [1.0]}, "neuron 3: the raster has only 3"),
        ({-1: [1.0]}, "neuron -1: the raster has only 3"),
        ({1: [1.0, 4.6]}, "neuron 1: spikes outside the 5 steps of the raster"),
        ({1: [-0.6]}, "neuron 1: spikes outside the 5 steps of the raster"),
        ({1: [float("nan")]}, "neuron 1: spikes outside the 5 steps of the raster"),
        ({2: [1.9, 3.0, 2.1]}, "neuron 2: two spikes in a step of 1 ms"),
    ],
)
def test_what_a_raster_cannot_hold_is_named(times: dict[int, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        binary_raster(times, steps=5, neurons=3, time_step_ms=1.0)

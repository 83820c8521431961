"""Bit-packed spike trains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from spikeloc.stimulus.spike_trains import SpikeTrains

any_spikes = arrays(np.bool_, array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=19))


def some_spikes() -> SpikeTrains:
    return SpikeTrains.pack(np.random.default_rng(1).random((5, 7, 20)) < 0.3, 1.0)


@given(any_spikes)
def test_unpacked_spikes_are_those_packed(spikes: np.ndarray) -> None:
    packed = SpikeTrains.pack(spikes, 1.0)
    assert packed.bits.shape == (*spikes.shape[:2], -(-spikes.shape[2] // 8))
    assert packed.unpack().tolist() == spikes.tolist()


@given(any_spikes, st.data())
def test_a_fibre_is_a_bit_of_its_byte(spikes: np.ndarray, data: st.DataObject) -> None:
    i, t, j = (data.draw(st.integers(0, size - 1)) for size in spikes.shape)
    byte = int(SpikeTrains.pack(spikes, 1.0).bits[i, t, j // 8])
    assert bool(byte & 2 ** (j % 8)) == spikes[i, t, j]


def test_bytes_by_hand() -> None:
    # fibres 0 and 3 in the first byte, 1 + 8 = 9; fibre 9 is bit 1 of the second, 2; no others
    spikes = np.zeros((1, 1, 10), dtype=np.bool_)
    spikes[0, 0, [0, 3, 9]] = True
    assert SpikeTrains.pack(spikes, 1.0).bits.tolist() == [[[9, 2]]]


@pytest.mark.parametrize(
    "bits",
    [
        np.zeros((2, 3, 2), dtype=np.int16),
        np.zeros((3, 2), dtype=np.uint8),
        np.zeros((2, 3, 1), dtype=np.uint8),
    ],
    ids=["type", "dimensions", "bytes"],
)
def test_bits_of_another_shape_are_refused(bits: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"bits must|do not hold"):
        SpikeTrains(bits, 10, 1.0)


def test_checksums_differ_by_one_bit_and_by_shape() -> None:
    spikes = some_spikes()
    flipped = spikes.bits.copy()
    flipped[2, 3, 1] ^= 16
    others = [
        SpikeTrains(flipped, 20, 1.0),
        SpikeTrains(spikes.bits, 21, 1.0),
        SpikeTrains(spikes.bits.reshape(7, 5, 3), 20, 1.0),
    ]
    sums = {each.checksum() for each in [spikes, *others]}
    assert len(sums) == 4 and some_spikes().checksum() in sums

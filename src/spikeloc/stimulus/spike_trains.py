"""Spike trains packed as bits."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class SpikeTrains:
    """Spikes of many samples, one bit each: 0 or 1 spike per fibre and time step.

    ``bits``: uint8 (samples, steps, ceil(fibres / 8)); fibre j is bit j % 8 (least significant
    first) of byte j // 8; bits beyond the last fibre are 0. ``time_step_ms``: the length of a step
    in ms.

    Raises:
        ValueError: ``bits`` has another dtype or shape.
    """

    bits: npt.NDArray[np.uint8]
    fibres: int
    time_step_ms: float

    def __post_init__(self) -> None:
        if self.bits.dtype != np.uint8 or self.bits.ndim != 3:
            raise ValueError("bits must be uint8 (samples, steps, bytes)")
        if self.bits.shape[2] != (self.fibres + 7) // 8:
            raise ValueError(f"{self.bits.shape[2]} bytes a step do not hold {self.fibres} fibres")

    @classmethod
    def pack(cls, spikes: npt.NDArray[np.bool_], time_step_ms: float) -> "SpikeTrains":
        """From spikes (samples, steps, fibres)."""
        bits = np.packbits(spikes, axis=-1, bitorder="little")
        return cls(bits, spikes.shape[-1], time_step_ms)

    def __len__(self) -> int:
        return len(self.bits)

    def __getitem__(self, chosen: slice) -> "SpikeTrains":
        return replace(self, bits=self.bits[chosen])

    def unpack(self) -> npt.NDArray[np.bool_]:
        """Spikes (samples, steps, fibres)."""
        spikes = np.unpackbits(self.bits, axis=-1, count=self.fibres, bitorder="little")
        return spikes.astype(np.bool_)

    def checksum(self) -> str:
        """SHA-256 of the bits and their shape."""
        shape = (*self.bits.shape, self.fibres)
        hashed = hashlib.sha256(np.array(shape, dtype="<u8").tobytes())
        hashed.update(np.ascontiguousarray(self.bits).data)
        return hashed.hexdigest()

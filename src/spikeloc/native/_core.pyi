"""The C++ core, see bind.cpp. Arrays must be in C order, on the CPU and of exactly these dtypes."""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

TILE: int
sources: str  # SHA-256 of the sources that it was built from

def forward(
    bits: Bytes,
    index: Rows,
    w1: Floats,
    scale: Floats,
    alpha: float,
    summed: Floats,
    counts: Counts,
    charge: Floats | None,
    noisy: bool = False,
    register_bytes: int = 0,
) -> None: ...
def backward(
    trains: Bytes,
    index: Rows,
    scale: Floats,
    alpha: float,
    shape: str,
    slope: float,
    charge: Floats,
    dsummed: Floats,
    dw1: Floats,
    dcounts: Floats | None = None,
    register_bytes: int = 0,
) -> None: ...
def forward_divisive(
    bits: Bytes,
    index: Rows,
    weight: Floats,
    divisor: Floats,
    gain: Floats,
    bias: Floats,
    epsilon: float,
    scale: Floats,
    alpha: float,
    summed: Floats,
    counts: Counts,
    kept: Floats | None,
    noisy: bool = False,
    register_bytes: int = 0,
) -> None: ...
def backward_divisive(
    trains: Bytes,
    index: Rows,
    gain: Floats,
    scale: Floats,
    alpha: float,
    shape: str,
    slope: float,
    kept: Floats,
    dsummed: Floats,
    dweight: Floats,
    ddivisor: Floats,
    dgain: Floats,
    dbias: Floats,
    dcounts: Floats | None = None,
    register_bytes: int = 0,
) -> None: ...
def transpose(bits: Bytes, trains: Bytes) -> None: ...
def draw_spikes(
    start: Doubles,
    time: Doubles,
    delay: Doubles,
    power: int,
    coefficients: npt.NDArray[np.float64],
    spikes_per_bin: float,
    seed: int,
    purpose: int,
    first: int,
    bits: Bytes,
    register_bytes: int = 0,
) -> None: ...

"""The C++ core, see bind.cpp. Arrays must be in C order, on the CPU and of exactly these dtypes."""

import numpy as np
import numpy.typing as npt

TILE: int
sources: str  # SHA-256 of the sources that it was built from

def forward(
    bits: npt.NDArray[np.uint8],
    index: npt.NDArray[np.int64],
    w1: npt.NDArray[np.float32],
    scale: npt.NDArray[np.float32],
    alpha: float,
    summed: npt.NDArray[np.float32],
    counts: npt.NDArray[np.int32],
    charge: npt.NDArray[np.float32] | None,
    noisy: bool = False,
    register_bytes: int = 0,
) -> None: ...
def backward(
    trains: npt.NDArray[np.uint8],
    index: npt.NDArray[np.int64],
    scale: npt.NDArray[np.float32],
    alpha: float,
    shape: str,
    slope: float,
    charge: npt.NDArray[np.float32],
    dsummed: npt.NDArray[np.float32],
    dw1: npt.NDArray[np.float32],
    dcounts: npt.NDArray[np.float32] | None = None,
    register_bytes: int = 0,
) -> None: ...
def forward_divisive(
    bits: npt.NDArray[np.uint8],
    index: npt.NDArray[np.int64],
    weight: npt.NDArray[np.float32],
    divisor: npt.NDArray[np.float32],
    gain: npt.NDArray[np.float32],
    bias: npt.NDArray[np.float32],
    epsilon: float,
    scale: npt.NDArray[np.float32],
    alpha: float,
    summed: npt.NDArray[np.float32],
    counts: npt.NDArray[np.int32],
    kept: npt.NDArray[np.float32] | None,
    noisy: bool = False,
    register_bytes: int = 0,
) -> None: ...
def backward_divisive(
    trains: npt.NDArray[np.uint8],
    index: npt.NDArray[np.int64],
    gain: npt.NDArray[np.float32],
    scale: npt.NDArray[np.float32],
    alpha: float,
    shape: str,
    slope: float,
    kept: npt.NDArray[np.float32],
    dsummed: npt.NDArray[np.float32],
    dweight: npt.NDArray[np.float32],
    ddivisor: npt.NDArray[np.float32],
    dgain: npt.NDArray[np.float32],
    dbias: npt.NDArray[np.float32],
    dcounts: npt.NDArray[np.float32] | None = None,
    register_bytes: int = 0,
) -> None: ...
def transpose(bits: npt.NDArray[np.uint8], trains: npt.NDArray[np.uint8]) -> None: ...
def draw_spikes(
    start: npt.NDArray[np.float64],
    time: npt.NDArray[np.float64],
    delay: npt.NDArray[np.float64],
    power: int,
    spikes_per_bin: float,
    seed: int,
    purpose: int,
    first: int,
    bits: npt.NDArray[np.uint8],
    register_bytes: int = 0,
) -> None: ...

"""The native core: whether it can be used, and its generator of spikes.

Without a C++ compiler the package is installed without it, and the reference computes everything.
Nothing here needs torch; the hidden layer is in :mod:`spikeloc.native.hidden`.
"""

import hashlib
import warnings
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from spikeloc.config.parameters import Backend
from spikeloc.io.errors import InputError

MISSING = "was installed without its native core (no C++ compiler?)"
try:
    from spikeloc.native import _core
except ImportError as error:
    _core = None  # type: ignore[assignment]
    if error.name != __name__:  # it was built, but the system does not load it
        MISSING = f"cannot load its native core ({error})"

Floats = npt.NDArray[np.float64]


def check_backend(backend: Any) -> None:
    """Check the name of a backend.

    Raises:
        ValueError: there is no such backend.
    """
    if backend not in get_args(Backend):
        raise ValueError(f"backend: must be {' or '.join(get_args(Backend))}, not {backend!r}")


def use_native(backend: Backend, device: str = "cpu") -> bool:
    """Whether to compute with the native core on this kind of device ("cpu", "cuda").

    ``auto`` uses it wherever possible, and warns once if it was not built.

    Raises:
        InputError: the backend is ``native``, but the core was not built or does not run on the
            device; or the core was built from other sources.
    """
    if backend == "reference":
        return False
    if device != "cpu":
        if backend == "native":
            raise InputError(f"backend: the native core does not run on {device!r}")
        return False
    if _core is None:
        if backend == "native":
            raise InputError(f"backend: spikeloc {MISSING}")
        _warn_once()
        return False
    _check_sources()
    return True


@cache
def _check_sources() -> None:
    """Refuse a core that was built before its sources were edited, if these are installed."""
    hashed = hashlib.sha256()
    folder = Path(__file__).parent
    sources = sorted(path for path in folder.iterdir() if path.suffix in {".cpp", ".hpp"})
    for source in sources:
        hashed.update(source.read_bytes())
    if sources and hashed.hexdigest() != getattr(_core, "sources", None):
        raise InputError("the native core was built from other sources: call `make env` again")


@cache
def _warn_once() -> None:
    warnings.warn(
        f"spikeloc {MISSING}: the results are the same except for rounding, and training is many "
        "times slower (`make bench` says how many)",
        stacklevel=3,
    )


def draw_spikes(
    angles: tuple[Floats, Floats, Floats],
    power: int,
    coefficients: Floats,
    spikes_per_bin: float,
    key: tuple[int, int],
    first: int,
) -> npt.NDArray[np.uint8]:
    """Bit-packed spikes (samples, steps, bytes) of samples ``first``, ``first + 1``, ...

    Args:
        angles: the tone's phase at t = 0 in each ear (samples, 2), and what the time step (steps,)
            and the delay of a fibre (ears, fibres) add to it, in radians.
        power: of the envelope.
        coefficients: of a polynomial of the envelope instead of that power, the highest power
            first (terms,); none if it is empty.
        spikes_per_bin: the largest spike probability of a bin.
        key: seed and hashed purpose of the random stream.
        first: number of the first sample in its data set.
    """
    start, time, delay = (np.stack([np.sin(angle), np.cos(angle)]) for angle in angles)
    delay = delay.reshape(2, -1)
    bits = np.empty((start.shape[1], time.shape[1], (delay.shape[1] + 7) // 8), np.uint8)
    _core.draw_spikes(start, time, delay, power, coefficients, spikes_per_bin, *key, first, bits)
    return bits

"""Weight files: safetensors that carry the checksum of all that they hold. No torch needed."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from spikeloc.io.errors import InputError
from spikeloc.io.files import atomic_path, digest

METADATA = "spikeloc"

Layers = Mapping[str, npt.NDArray[np.float32]]


def write_weights(path: str | Path, layers: Layers, about: Mapping[str, Any]) -> None:
    """Write an ensemble's matrices (networks, presynaptic, postsynaptic) and JSON-able facts."""
    whole = {name: np.ascontiguousarray(layer) for name, layer in layers.items()}
    # one entry, because safetensors writes several in an order that changes from run to run
    metadata = {METADATA: json.dumps({**about, "sha256": _checksum(whole, about)})}
    with atomic_path(path) as temporary:
        save_file(whole, temporary, metadata)


def read_weights(path: str | Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.float32]]]:
    """The facts and matrices of a weight file.

    Raises:
        InputError: the file is missing, truncated or altered; the message names it.
    """
    if not Path(path).is_file():
        raise InputError(f"{path}: no such file")
    try:
        with safe_open(path, framework="numpy") as file:
            about = dict(json.loads((file.metadata() or {})[METADATA]))
            layers = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        sealed = about.pop("sha256")
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        raise InputError(f"{path}: damaged or not a weight file ({error})") from None
    if _checksum(layers, about) != sealed:
        raise InputError(f"{path}: altered since it was written (checksum does not match)")
    return about, layers


def _checksum(layers: Layers, about: Mapping[str, Any]) -> str:
    hashed = hashlib.sha256(digest(about).encode())
    for name in sorted(layers):
        hashed.update(f"{name} {tuple(layers[name].shape)}".encode())
        hashed.update(layers[name].data)
    return hashed.hexdigest()

"""Weight files: safetensors with a checksum of their whole content. Torch is not needed."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import save_file

from spikeloc.io.errors import InputError
from spikeloc.io.files import atomic_path, digest, reading

METADATA = "spikeloc"

Layers = Mapping[str, npt.NDArray[np.float32]]


def write_weights(path: str | Path, layers: Layers, metadata: Mapping[str, Any]) -> None:
    """Write the weights of an ensemble.

    Args:
        path: of the file.
        layers: matrices (networks, presynaptic, postsynaptic) by name, float32.
        metadata: what else is to be kept, as JSON.

    Raises:
        InputError: the disk is full.
    """
    contiguous = {name: np.ascontiguousarray(layer) for name, layer in layers.items()}
    # one entry, because safetensors writes several in an order that changes from run to run
    entry = json.dumps({**metadata, "sha256": _checksum(contiguous, metadata)})
    with atomic_path(path) as temporary:
        save_file(contiguous, temporary, {METADATA: entry})


def read_weights(path: str | Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.float32]]]:
    """The metadata and the matrices of a weight file, as :func:`write_weights` was given them.

    Raises:
        InputError: the file is missing, truncated or altered; the message names it.
    """
    with reading(path, "a weight file"):
        if not Path(path).is_file():
            raise InputError(f"{path}: no such file")
        with safe_open(path, framework="numpy") as file:
            metadata = dict(json.loads((file.metadata() or {})[METADATA]))
            layers = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        checksum = metadata.pop("sha256")
    if _checksum(layers, metadata) != checksum:
        raise InputError(f"{path}: altered since it was written (checksum does not match)")
    return metadata, layers


def _checksum(layers: Layers, metadata: Mapping[str, Any]) -> str:
    hashed = hashlib.sha256(digest(metadata).encode())
    for name in sorted(layers):
        hashed.update(f"{name} {tuple(layers[name].shape)}".encode())
        hashed.update(layers[name].data)
    return hashed.hexdigest()

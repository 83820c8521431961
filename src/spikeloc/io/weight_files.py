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

from spikeloc.io.errors import InputError, shown
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
        InputError: the file is missing, truncated, altered or not a weight file; the message names
            it.
    """
    with reading(path, "a weight file"):
        if not Path(path).is_file():
            raise InputError(f"{path}: no such file")
        with safe_open(path, framework="numpy") as file:
            metadata = _metadata(file.metadata() or {})
            layers = {name: _matrices(file, name) for name in file.keys()}  # noqa: SIM118
        checksum = metadata.pop("sha256")
        if _checksum(layers, metadata) != checksum:
            raise InputError(f"{path}: altered since it was written (checksum does not match)")
    return metadata, layers


def not_finite(layers: Layers) -> list[int]:
    """The networks of an ensemble that have weights which are NaN or infinite, by their places."""
    finite = [np.isfinite(each).all(axis=(1, 2)) for each in layers.values()]
    return np.flatnonzero(~np.all(finite, axis=0)).tolist()


def _metadata(entries: Mapping[str, str]) -> dict[str, Any]:
    if [*entries] != [METADATA]:
        raise ValueError(f"metadata: {shown([*entries])} instead of {[METADATA]}")
    metadata = json.loads(entries[METADATA])
    if not isinstance(metadata, dict) or "sha256" not in metadata:
        raise ValueError("metadata: no checksum")
    return metadata


def _matrices(file: Any, name: str) -> npt.NDArray[np.float32]:
    """A layer; the checksum need not cover its type, because there is only one."""
    told = file.get_slice(name)
    dtype, shape = told.get_dtype(), told.get_shape()
    if dtype != "F32" or len(shape) != 3 or 0 in shape:
        raise ValueError(f"{shown(name)}: {dtype} {shown(shape)} instead of matrices of F32")
    return file.get_tensor(name)


def _checksum(layers: Layers, metadata: Mapping[str, Any]) -> str:
    hashed = hashlib.sha256(digest(metadata).encode())
    for name in sorted(layers):
        hashed.update(f"{name} {tuple(layers[name].shape)}".encode())
        hashed.update(layers[name].data)
    return hashed.hexdigest()

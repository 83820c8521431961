"""Manifests: stimuli stored as a recipe with a checksum instead of as spikes.

A manifest records the parameters, the seed, and for each data set the trials and the checksum of
the bits. The bits themselves are made again where they are needed, and compared with the checksum.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.io.errors import InputError
from spikeloc.io.files import read_checked_json, reading, write_checked_json
from spikeloc.stimulus.generator import DataSet, make_data_set


def write_manifest(
    path: str | Path,
    stimulus: StimulusParameters,
    seed: int,
    sizes: Mapping[str, int],
    backend: Backend = "auto",
) -> None:
    """Make the data sets of one seed and write their manifest.

    Args:
        path: of the manifest.
        stimulus: parameters of the stimulus.
        seed: of the random streams.
        sizes: number of samples by purpose.
        backend: what computes; see :func:`spikeloc.native.use_native`.

    Raises:
        InputError: the disk is full, or there is no such backend.
    """
    data_sets = {}
    for purpose, samples in sizes.items():
        data = make_data_set(stimulus, seed, purpose, samples, backend=backend)
        data_sets[purpose] = {
            "samples": samples,
            "ipd_rad": data.trials.ipd_rad.tolist(),
            "phase_cycles": data.trials.phase_cycles.tolist(),
            "bits_sha256": data.spikes.checksum(),
        }
    content = {"stimulus": stimulus.model_dump(), "seed": seed, "data_sets": data_sets}
    write_checked_json(path, content)


def read_data_sets(
    path: str | Path,
    stimulus: StimulusParameters,
    seed: int,
    sizes: Mapping[str, int],
    backend: Backend = "auto",
) -> dict[str, DataSet]:
    """Make the data sets of a manifest again, by purpose, and check them against it.

    Raises:
        InputError: the manifest is missing or damaged, belongs to another stimulus or seed, or
            this machine makes other trials or bits than those recorded.
    """
    manifest = read_checked_json(path)
    if manifest.get("stimulus") != stimulus.model_dump() or manifest.get("seed") != seed:
        raise InputError(f"{path}: manifest of another stimulus or seed (wanted seed {seed})")
    with reading(path, "a manifest"):
        names = ("samples", "ipd_rad", "bits_sha256")
        recorded_sets = {
            purpose: {name: each[name] for name in names}
            for purpose, each in manifest["data_sets"].items()
        }
    data_sets = {}
    for purpose, samples in sizes.items():
        recorded = recorded_sets.get(purpose)
        if recorded is None or recorded["samples"] != samples:
            raise InputError(f"{path}: has no {purpose} data set of {samples} samples")
        data = make_data_set(stimulus, seed, purpose, samples, backend=backend)
        same_trials = np.array_equal(recorded["ipd_rad"], data.trials.ipd_rad)
        if not same_trials or recorded["bits_sha256"] != data.spikes.checksum():
            raise InputError(
                f"{path}: this machine makes other {purpose} spikes than those recorded"
            )
        data_sets[purpose] = data
    return data_sets

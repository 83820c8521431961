"""Manifests: stimuli stored as a recipe with a checksum instead of as spikes.

A manifest records the parameters, and for each seed and data set the trials and the checksum of
the bits. The bits themselves are made again where they are needed, and compared with the checksum.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.io.errors import InputError
from spikeloc.io.files import read_checked_json, reading, write_checked_json
from spikeloc.stimulus.generator import DataSet, make_data_set


def write_manifest(
    path: str | Path,
    stimulus: StimulusParameters,
    seeds: Sequence[int],
    sizes: Mapping[str, int],
    backend: Backend = "auto",
) -> None:
    """Make the data sets of some seeds and write their manifest.

    Args:
        path: of the manifest.
        stimulus: parameters of the stimulus.
        seeds: of the random streams.
        sizes: number of samples by purpose.
        backend: what computes; see :func:`spikeloc.native.use_native`.

    Raises:
        InputError: the disk is full, or there is no such backend.
    """
    made: dict[str, dict[str, object]] = {}
    for seed in seeds:
        data_sets = made[str(seed)] = {}
        for purpose, samples in sizes.items():
            data = make_data_set(stimulus, seed, purpose, samples, backend=backend)
            data_sets[purpose] = {
                "samples": samples,
                "ipd_rad": data.trials.ipd_rad.tolist(),
                "phase_cycles": data.trials.phase_cycles.tolist(),
                "bits_sha256": data.spikes.checksum(),
            }
    write_checked_json(path, {"stimulus": stimulus.model_dump(), "seeds": made})


def read_data_sets(
    path: str | Path,
    stimulus: StimulusParameters,
    seeds: Sequence[int],
    sizes: Mapping[str, int],
    backend: Backend = "auto",
    first: Mapping[str, int] | None = None,
) -> Iterator[tuple[int, dict[str, DataSet]]]:
    """Make the data sets of a manifest again, seed by seed, and check them against it.

    Args:
        path, stimulus, seeds, sizes, backend: as in :func:`write_manifest`; some of its seeds and
            data sets are enough.
        first: by purpose, so many of the first samples, if no more are wanted; only their trials
            can be checked.

    Yields:
        Each of these seeds, and its data sets by purpose.

    Raises:
        InputError: the manifest is missing or damaged, belongs to another stimulus or other seeds,
            or this machine makes other trials or bits than those recorded.
    """
    manifest = read_checked_json(path)
    with reading(path, "a manifest"):
        names = ("samples", "ipd_rad", "bits_sha256")
        recorded = {
            (seed, purpose): {name: each[name] for name in names}
            for seed, data_sets in manifest["seeds"].items()
            for purpose, each in data_sets.items()
        }
    there = manifest["seeds"].keys() >= set(map(str, seeds))
    if manifest.get("stimulus") != stimulus.model_dump() or not there:
        asked = ", ".join(map(str, seeds))
        raise InputError(f"{path}: manifest of another stimulus or seed (wanted {asked})")
    for seed in seeds:
        made = {}
        for purpose, samples in sizes.items():
            found = recorded.get((str(seed), purpose))
            if found is None or found["samples"] != samples:
                raise InputError(
                    f"{path}: has no {purpose} data set of {samples} samples for seed {seed}"
                )
            wanted = min(samples, (first or {}).get(purpose, samples))
            data = make_data_set(stimulus, seed, purpose, wanted, backend=backend)
            same = np.array_equal(found["ipd_rad"][:wanted], data.trials.ipd_rad)
            if wanted == samples:
                same = same and found["bits_sha256"] == data.spikes.checksum()
            if not same:
                raise InputError(
                    f"{path}: this machine makes other {purpose} spikes than those recorded"
                )
            made[purpose] = data
        yield seed, made

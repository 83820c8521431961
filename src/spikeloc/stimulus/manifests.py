"""Manifests: stimuli stored as a recipe with a checksum instead of as spikes.

A manifest records the parameters, and for each seed and data set the trials and the checksum of
the bits. While a run lasts, the bits lie beside it in files that are named after their checksums,
as far as there is room. Where one is missing or altered, they are made again and compared with the
checksum.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.io.errors import InputError
from spikeloc.io.files import (
    KEPT_BITS,
    atomic_path,
    read_checked_json,
    reading,
    remove_kept_bits,
    write_checked_json,
)
from spikeloc.stimulus.generator import DataSet, Recipe, draw_trials, make_data_set
from spikeloc.stimulus.spike_trains import SpikeTrains

KEPT_BYTES = 2 << 30  # of all stimuli together; the files that were used last stay


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
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        data_sets = made[str(seed)] = {}
        for purpose, samples in sizes.items():
            data = make_data_set(stimulus, seed, purpose, samples, backend=backend)
            _keep_bits(Path(path).parent, data.spikes)
            data_sets[purpose] = {
                "samples": samples,
                "ipd_rad": data.trials.ipd_rad.tolist(),
                "phase_cycles": data.trials.phase_cycles.tolist(),
                "bits_sha256": data.spikes.checksum(),
            }
    write_checked_json(path, {"stimulus": stimulus.model_dump(), "seeds": made})


def _keep_bits(folder: Path, spikes: SpikeTrains) -> None:
    """Leave the bits for later jobs, which make them again if there is no room."""
    try:
        if shutil.disk_usage(folder).free < 2 * KEPT_BYTES:
            return
        with atomic_path(folder / f"{spikes.checksum()}{KEPT_BITS}") as temporary:
            spikes.bits.tofile(temporary)
    except (InputError, OSError):
        return
    remove_kept_bits(folder.parent, KEPT_BYTES)


def _kept_spikes(path: Path, stimulus: StimulusParameters, checksum: str) -> SpikeTrains | None:
    """The spikes in a file, if it is there and has not been altered."""
    bytes_a_step = (stimulus.inputs + 7) // 8
    try:
        bits = np.fromfile(path, np.uint8).reshape(-1, stimulus.steps, bytes_a_step)
    except (OSError, ValueError):
        return None
    with suppress(OSError):  # the last used files stay
        os.utime(path)
    spikes = SpikeTrains(bits, stimulus.inputs, stimulus.time_step_ms)
    return spikes if spikes.checksum() == checksum else None


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
            checksum = found["bits_sha256"]
            kept = _kept_spikes(Path(path).with_name(f"{checksum}{KEPT_BITS}"), stimulus, checksum)
            if kept is None:
                data = make_data_set(stimulus, seed, purpose, wanted, backend=backend)
            else:
                recipe = Recipe(stimulus, seed, purpose, wanted)
                if wanted < samples:  # a view would keep all of them alive
                    kept = replace(kept, bits=kept.bits[:wanted].copy())
                data = DataSet(draw_trials(*recipe), kept, recipe)
            same = np.array_equal(found["ipd_rad"][:wanted], data.trials.ipd_rad)
            if kept is None and wanted == samples:
                same = same and checksum == data.spikes.checksum()
            if not same:
                raise InputError(
                    f"{path}: this machine makes other {purpose} spikes than those recorded"
                )
            made[purpose] = data
        yield seed, made

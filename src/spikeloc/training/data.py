"""The data of an ensemble of networks: from its manifest."""

from collections.abc import Collection
from pathlib import Path

import torch

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.stimulus.manifests import read_data_sets


def ensemble_data(
    run: RunParameters,
    seeds: list[int],
    manifest: str | Path,
    device: torch.device,
    backend: Backend,
    purposes: Collection[str] = ("training", "validation", "test"),
) -> dict[str, EnsembleData]:
    """The data of an ensemble by purpose, made from the manifest of its seeds.

    "validation" is there only if the run validates.

    Args:
        run: parameters of the networks.
        seeds: of the networks.
        manifest: of the seeds' stimuli.
        device: of the data.
        backend: what makes the spikes.
        purposes: of the wanted data sets.

    Raises:
        InputError: the manifest is damaged or belongs to another stimulus or seed.
    """
    network_ids = run.nesting.network_ids(seeds)
    keys = {
        purpose: [(seed, run.nesting.data_set(purpose, network)) for seed, network in network_ids]
        for purpose in run.samples_by_purpose()
        if purpose in purposes and (purpose != "validation" or run.training.validate_each_epoch)
    }
    names = {name for own in keys.values() for _, name in own}
    sizes = {name: size for name, size in run.data_sizes().items() if name in names}
    data_sets = {
        (seed, name): data
        for seed, made in read_data_sets(manifest, run.stimulus, seeds, sizes, backend)
        for name, data in made.items()
    }
    return {
        purpose: EnsembleData.from_data_sets(
            [data_sets[key] for key in own], run.network.classes, device
        )
        for purpose, own in keys.items()
    }

"""The data of an ensemble of networks, made from manifests."""

from collections.abc import Collection, Mapping
from pathlib import Path

import torch

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.networks.batches import Batches
from spikeloc.stimulus.manifests import read_data_sets


def ensemble_data(
    run: RunParameters,
    manifests: Mapping[int, str | Path],
    device: torch.device,
    backend: Backend,
    purposes: Collection[str] = ("training", "validation", "test"),
) -> dict[str, Batches]:
    """The data of an ensemble by purpose, made from each seed's manifest; "validation" only if the run
    validates. What the networks of a seed share is there once, for all of them.

    Raises:
        InputError: a manifest is damaged or belongs elsewhere.
    """
    network_ids = run.nesting.network_ids(list(manifests))
    owned = {
        purpose: [(seed, run.nesting.data_set(purpose, network)) for seed, network in network_ids]
        for purpose in run.samples_by_purpose()
        if purpose in purposes and (purpose != "validation" or run.training.validate_each_epoch)
    }
    names = {name for owners in owned.values() for _, name in owners}
    sizes = {name: size for name, size in run.data_sizes().items() if name in names}
    made = {
        (seed, name): data
        for seed, path in manifests.items()
        for name, data in read_data_sets(path, run.stimulus, seed, sizes, backend).items()
    }
    batches: dict[str, Batches] = {}
    for purpose, owners in owned.items():
        distinct = list(dict.fromkeys(owners))
        stacked = Batches.from_data_sets(
            [made[key] for key in distinct], run.network.classes, device
        )
        batches[purpose] = stacked.select([distinct.index(key) for key in owners])
    return batches

"""The data of an ensemble of networks: from manifests, or drawn afresh for each epoch."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import torch

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.networks.batches import Batches
from spikeloc.stimulus.generator import DataSet, make_data_set
from spikeloc.stimulus.manifests import read_data_sets

Key = tuple[int, str]  # a seed, and the name of one of its data sets


def ensemble_data(
    run: RunParameters,
    manifests: Mapping[int, str | Path],
    device: torch.device,
    backend: Backend,
    purposes: Collection[str] = ("training", "validation", "test"),
) -> dict[str, Batches]:
    """The data of an ensemble by purpose, made from the manifest of each seed.

    "validation" is there only if the run validates.

    Args:
        run: parameters of the networks.
        manifests: path by seed.
        device: of the data.
        backend: what makes the spikes.
        purposes: of the wanted data sets.

    Raises:
        InputError: a manifest is damaged or belongs to another stimulus or seed.
    """
    network_ids = run.nesting.network_ids(list(manifests))
    keys = {
        purpose: [(seed, run.nesting.data_set(purpose, network)) for seed, network in network_ids]
        for purpose in run.samples_by_purpose()
        if purpose in purposes and (purpose != "validation" or run.training.validate_each_epoch)
    }
    names = {name for own in keys.values() for _, name in own}
    sizes = {name: size for name, size in run.data_sizes().items() if name in names}
    data_sets = {
        (seed, name): data
        for seed, path in manifests.items()
        for name, data in read_data_sets(path, run.stimulus, seed, sizes, backend).items()
    }
    return {purpose: _shared_batches(own, data_sets, run, device) for purpose, own in keys.items()}


def fresh_training_data(
    run: RunParameters,
    network_ids: Sequence[NetworkId],
    epoch: int,
    device: torch.device,
    backend: Backend,
) -> Batches:
    """The training data of these networks in an epoch (from 1) if each epoch has fresh stimuli.

    Its random streams have the epoch in their names. It is as large as the data of the first epoch,
    and with ``phase: per_dataset`` each epoch has its own starting phase.
    """
    keys = [(seed, run.nesting.data_set("training", network)) for seed, network in network_ids]
    samples = run.training.training_samples
    data_sets = {
        (seed, name): make_data_set(
            run.stimulus, seed, f"{name}/epoch-{epoch}", samples, backend=backend
        )
        for seed, name in dict.fromkeys(keys)
    }
    return _shared_batches(keys, data_sets, run, device)


def _shared_batches(
    keys: Sequence[Key],
    data_sets: Mapping[Key, DataSet],
    run: RunParameters,
    device: torch.device,
) -> Batches:
    """The data of networks, one key for each; a data set that they share is stored once."""
    distinct = list(dict.fromkeys(keys))
    batches = Batches.from_data_sets(
        [data_sets[key] for key in distinct], run.network.classes, device
    )
    return batches.select([distinct.index(key) for key in keys])

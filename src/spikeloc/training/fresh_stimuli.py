"""Training samples that are seen once: another data set for each epoch."""

from collections.abc import Sequence

import torch

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.networks.batches import Batches
from spikeloc.stimulus.generator import make_data_set


def fresh_training_data(
    run: RunParameters,
    network_ids: Sequence[NetworkId],
    epoch: int,
    device: torch.device,
    backend: Backend,
) -> Batches:
    """The training data of an epoch (from 1) of these networks; those that share it have it once.

    Its random streams are the training data's with the epoch in their name. It is as large, and
    with ``phase: per_dataset`` it has a starting phase of its own.
    """
    owners = [(seed, run.nesting.data_set("training", network)) for seed, network in network_ids]
    distinct = list(dict.fromkeys(owners))
    samples = run.training.training_samples
    made = [
        make_data_set(run.stimulus, seed, f"{name}/epoch-{epoch}", samples, backend=backend)
        for seed, name in distinct
    ]
    batches = Batches.from_data_sets(made, run.network.classes, device)
    return batches.select([distinct.index(owner) for owner in owners])

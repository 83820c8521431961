"""One training job: from manifests to the files of a trained and evaluated stack."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from spikeloc.batches import Batches
from spikeloc.environment import keep_memory
from spikeloc.errors import InputError
from spikeloc.evaluation import evaluate
from spikeloc.manifests import read_data_sets
from spikeloc.parameters import Backend, RunParameters
from spikeloc.runs import save_run
from spikeloc.training import train


def run_stack(
    run: RunParameters,
    seeds: list[int],
    manifests: Sequence[str | Path],
    outputs: Mapping[str, str | Path],
    device: str,
    backend: Backend,
) -> None:
    """Train the networks of each seed, evaluate what was kept, and write its files.

    Args:
        manifests: of the stimuli, in the order of the seeds.
        outputs: path by name, as :func:`spikeloc.runs.save_run` wants them.
        device: "cpu" or "cuda".
        backend: what computes; see :func:`spikeloc.native.use_native`.

    Raises:
        InputError: a manifest is damaged or belongs elsewhere, or there is no such device.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise InputError("device: cuda is configured, but this machine has no CUDA device")
    torch.use_deterministic_algorithms(True)
    keep_memory()
    members = run.nesting.members(seeds)
    data = stack_data(run, dict(zip(seeds, manifests, strict=True)), torch.device(device), backend)
    trained = train(run, data["training"], data.get("validation"), members, print, backend)
    on = {
        purpose: evaluate(trained.weights, batches, run, backend)
        for purpose, batches in data.items()
    }
    for progress, loss in zip(trained.progress, on["training"].loss, strict=True):
        # the last step of all may be the one that diverges, and no epoch's loss shows it
        progress.diverged |= not math.isfinite(loss)
    save_run(outputs, trained, run, members, on)


def stack_data(
    run: RunParameters, manifests: Mapping[int, str | Path], device: torch.device, backend: Backend
) -> dict[str, Batches]:
    """The data of a stack by purpose, made from each seed's manifest; "validation" only if the run
    validates. What the networks of a seed share is there once, for all of them.

    Raises:
        InputError: a manifest is damaged or belongs elsewhere.
    """
    members = run.nesting.members(list(manifests))
    owned = {
        purpose: [(seed, run.nesting.data_set(purpose, network)) for seed, network in members]
        for purpose in run.samples_by_purpose()
        if purpose != "validation" or run.training.validate_each_epoch
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
        stacked = Batches.stack([made[key] for key in distinct], run.network.classes, device)
        batches[purpose] = stacked.select([distinct.index(key) for key in owners])
    return batches

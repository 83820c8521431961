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
    """Train one network per seed, evaluate what was kept, and write its files.

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
    sizes = run.data_sizes()
    if not run.training.validate_each_epoch:
        del sizes["validation"]
    made = [
        read_data_sets(path, run.stimulus, seed, sizes, backend)
        for path, seed in zip(manifests, seeds, strict=True)
    ]
    data = {
        purpose: Batches.stack(
            [each[purpose] for each in made], run.network.classes, torch.device(device)
        )
        for purpose in sizes
    }
    trained = train(run, data["training"], data.get("validation"), seeds, print, backend)
    on = {
        purpose: evaluate(trained.weights, batches, run, backend)
        for purpose, batches in data.items()
    }
    for progress, loss in zip(trained.progress, on["training"].loss, strict=True):
        # the last step of all may be the one that diverges, and no epoch's loss shows it
        progress.diverged |= not math.isfinite(loss)
    save_run(outputs, trained, run, seeds, on)

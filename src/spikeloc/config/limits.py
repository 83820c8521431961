"""Limits of the size of a config: beyond them planning takes minutes, or memory does not suffice.

The paper's config has about sixty runs, ten seeds and stimuli of a few megabytes.
"""

from collections.abc import Sequence

from spikeloc.config.differences import differences
from spikeloc.config.ensemble_plan import BLOCK_SEEDS
from spikeloc.config.expansion import Run
from spikeloc.config.parameters import RunParameters
from spikeloc.io.errors import InputError

MAX_BLOCKS = 20_000
MAX_JOB_BYTES = 64_000_000_000
ADAM_COPIES = 4  # of each weight: itself, its gradient and two moments


def check_size(runs: Sequence[Run]) -> None:
    """Check what a config expands to.

    Raises:
        InputError: there are too many blocks of seeds, or a job needs too much memory.
    """
    blocks = sum(len(run.ensemble.blocks) for run in runs)
    if blocks > MAX_BLOCKS:
        raise InputError(
            f"seeds: {len(runs)} runs have {blocks} blocks of at most {BLOCK_SEEDS} seeds; "
            f"at most {MAX_BLOCKS} can be planned"
        )
    for run in runs:
        most = max(len(run.ensemble.blocks[0].seeds), len(run.searched_seeds))
        taken = job_bytes(run.parameters, most)
        if taken > MAX_JOB_BYTES:
            raise InputError(
                f"experiments.{run.experiment}.{run.condition} ({run.variant}): spikes and weights "
                f"of its networks take {taken / 1e9:.0f} GB; at most {MAX_JOB_BYTES / 1e9:.0f}"
            )


def check_memory(run: RunParameters, seeds: int, free: int) -> None:
    """Check that a job that trains these networks can fit into the ``free`` bytes of a machine.

    Raises:
        InputError: it cannot; the message says how much it takes.
    """
    taken = job_bytes(run, seeds)
    if taken > free:
        told = differences(run, RunParameters())
        raise InputError(
            f"spikes and weights of {seeds * run.nesting.networks} networks ({told}) "
            f"take at least {taken / 1e9:.1f} GB of memory; {free / 1e9:.1f} GB are free here"
        )


def job_bytes(run: RunParameters, seeds: int) -> int:
    """A lower limit of the memory in bytes of a job that trains the networks of ``seeds`` seeds."""
    stimulus, network = run.stimulus, run.network
    samples = sum(run.data_sizes().values())
    spikes = samples * stimulus.steps * -(-stimulus.inputs // 8)
    weights = network.hidden_units * (stimulus.inputs + network.classes)
    if network.model == "membrane_only":
        weights = stimulus.inputs * network.classes
    return seeds * (spikes + run.nesting.networks * weights * 4 * ADAM_COPIES)

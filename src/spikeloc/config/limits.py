"""How large a config may be: beyond, planning takes minutes, or no machine holds what it asks for.

The paper's own has about sixty runs, ten seeds and stimuli of some megabytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from spikeloc.config.expansion import Run
from spikeloc.config.parameters import RunParameters
from spikeloc.io.errors import InputError

MOST_ENTRIES = 100_000
MOST_MANIFESTS = 20_000
MOST_JOB_BYTES = 64_000_000_000
ADAM_COPIES = 4  # of each weight: itself, its gradient and two moments


def plain(content: Any) -> Any:
    """A config's content as plain dictionaries and lists, which strict models want.

    Raises:
        InputError: there are too many entries, such as a small file makes with aliases of aliases.
    """
    left = MOST_ENTRIES

    def copy(part: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise InputError(f"has more than {MOST_ENTRIES} entries")
        if isinstance(part, Mapping):
            return {key: copy(value) for key, value in part.items()}
        return [copy(item) for item in part] if isinstance(part, list) else part

    return copy(content)


def check_size(runs: Sequence[Run]) -> None:
    """Check what a config expands to.

    Raises:
        InputError: naming what there is too much of.
    """
    manifests = {
        (run.parameters.stimulus_name(), seed)
        for run in runs
        for seed in [*run.seeds, *run.ensemble.searched_seeds]
    }
    if len(manifests) > MOST_MANIFESTS:
        stimuli, seeds = (len(set(each)) for each in zip(*manifests, strict=True))
        raise InputError(
            f"seeds: {seeds} seeds of {stimuli} stimuli are {len(manifests)} manifests; "
            f"at most {MOST_MANIFESTS} can be planned"
        )
    for run in runs:
        taken = job_bytes(run.parameters, len(run.seeds))
        if taken > MOST_JOB_BYTES:
            raise InputError(
                f"experiments.{run.experiment}.{run.condition} ({run.variant}): spikes and weights "
                f"of its networks take {taken / 1e9:.0f} GB; at most {MOST_JOB_BYTES / 1e9:.0f}"
            )


def job_bytes(run: RunParameters, seeds: int) -> int:
    """At least so much memory takes a job that trains the networks of so many seeds."""
    stimulus, network = run.stimulus, run.network
    samples = sum(run.data_sizes().values())
    spikes = samples * stimulus.steps * -(-stimulus.inputs // 8)
    weights = network.hidden_units * (stimulus.inputs + network.classes)
    if network.model == "membrane_only":
        weights = stimulus.inputs * network.classes
    return seeds * (spikes + run.nesting.networks * weights * 4 * ADAM_COPIES)

"""The plan of an ensemble: which networks are trained together."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from spikeloc.config.parameters import RunParameters

BLOCK_SEEDS = 10  # at most so many are trained by one job
LONGEST_NAME = 80  # of a list of seeds


def in_blocks(seeds: Sequence[int]) -> list[tuple[int, ...]]:
    """Blocks of seeds, in their order. Seeds that are added at the end leave full blocks as they
    are."""
    return [tuple(seeds[i : i + BLOCK_SEEDS]) for i in range(0, len(seeds), BLOCK_SEEDS)]


def seeds_name(seeds: Sequence[int]) -> str:
    """Name of a list of seeds, for a file: ``seeds-1-10``, ``seeds-3_7-9``, or a hash if it is
    long."""
    ranges: list[list[int]] = []
    for seed in seeds:
        if ranges and seed == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], seed]
        else:
            ranges.append([seed])
    name = "_".join("-".join(map(str, each)) for each in ranges)
    if len(name) > LONGEST_NAME:
        name = hashlib.sha256(name.encode()).hexdigest()[:16]
    return f"seeds-{name}"


class EnsemblePlan(NamedTuple):
    """Networks with the same parameters: these, and their seeds."""

    parameters: RunParameters
    seeds: tuple[int, ...]

    @property
    def name(self) -> str:
        """Name of the ensemble, safe for a folder: a hash of parameters and seeds."""
        return self.parameters.network_name(list(self.seeds))

    @property
    def presented(self) -> str:
        """Name of the stimuli of these seeds: stimulus/seeds."""
        return f"{self.parameters.stimulus_name()}/{seeds_name(self.seeds)}"

    @property
    def manifest(self) -> Path:
        """The manifest of the stimuli of these seeds, in the folder of what configs share."""
        return Path("stimuli", f"{self.presented}.json")

    @property
    def networks(self) -> int:
        """Number of networks."""
        return len(self.seeds) * self.parameters.nesting.networks

    @property
    def blocks(self) -> list["EnsemblePlan"]:
        """The ensembles that are trained, each by a job of its own."""
        return [self._replace(seeds=seeds) for seeds in in_blocks(self.seeds)]

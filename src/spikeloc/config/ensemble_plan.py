"""The plan of an ensemble: which networks are trained together."""

from typing import NamedTuple

from spikeloc.config.parameters import RunParameters

BLOCK_SEEDS = 10  # at most so many are trained by one job


class EnsemblePlan(NamedTuple):
    """Networks with the same parameters: these, and their seeds."""

    parameters: RunParameters
    seeds: tuple[int, ...]

    @property
    def name(self) -> str:
        """Name of the ensemble, safe for a folder: a hash of parameters and seeds."""
        return self.parameters.network_name(list(self.seeds))

    @property
    def networks(self) -> int:
        """Number of networks."""
        return len(self.seeds) * self.parameters.nesting.networks

    @property
    def blocks(self) -> list["EnsemblePlan"]:
        """The ensembles that are trained, each by a job of its own: blocks of the seeds in their
        order. Seeds that are added at the end leave full blocks as they are."""
        starts = range(0, len(self.seeds), BLOCK_SEEDS)
        return [self._replace(seeds=self.seeds[i : i + BLOCK_SEEDS]) for i in starts]

"""The plan of an ensemble: which networks are trained together."""

from typing import NamedTuple

from spikeloc.config.parameters import RunParameters


class EnsemblePlan(NamedTuple):
    """Networks that are trained together: their parameters and seeds."""

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
    def searched_seeds(self) -> tuple[int, ...]:
        """The seeds on which the learning rate is chosen; none if it is given."""
        search = self.parameters.rate_search
        return () if search is None else tuple(search.seeds)

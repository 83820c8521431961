"""What is trained together."""

from typing import NamedTuple

from spikeloc.config.parameters import RunParameters


class EnsemblePlan(NamedTuple):
    """Networks that are trained together: what they become, and their seeds."""

    parameters: RunParameters
    seeds: tuple[int, ...]

    @property
    def name(self) -> str:
        """Safe name of these networks."""
        return self.parameters.network_name(list(self.seeds))

    @property
    def networks(self) -> int:
        """How many there are."""
        return len(self.seeds) * self.parameters.nesting.networks

    @property
    def searched_seeds(self) -> tuple[int, ...]:
        """The seeds that the learning rate is searched on; none if it is given."""
        search = self.parameters.rate_search
        return () if search is None else tuple(search.seeds)

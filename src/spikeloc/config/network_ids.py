"""The networks of an ensemble: which network of which seed each is, and what belongs to it alone."""

from typing import NamedTuple


class NetworkId(NamedTuple):
    """One network of an ensemble: the ``network``-th, from 1, of those that ``seed`` is for."""

    seed: int
    network: int = 1


def stream_name(purpose: str, network: int) -> str:
    """The random stream or data set of this purpose that belongs to one network of its seed.

    The first network's has no suffix: what it is does not depend on how many there are.
    """
    return purpose if network == 1 else f"{purpose}/{network}"

"""Identity of the networks of an ensemble, and names of the random streams of each."""

from typing import NamedTuple


class NetworkId(NamedTuple):
    """One network of an ensemble: the ``network``-th, from 1, of the networks of ``seed``."""

    seed: int
    network: int = 1


def stream_name(purpose: str, network: int) -> str:
    """Name of the random stream or data set of this purpose for one network of its seed.

    That of the first network has no suffix, so it does not depend on the number of networks.
    """
    return purpose if network == 1 else f"{purpose}/{network}"

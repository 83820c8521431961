"""Named random streams: ``(seed, purpose, index)`` gives the same numbers anywhere, in any order.

Philox 4x64 with 10 rounds (Salmon et al. 2011, doi 10.1145/2063384.2063405) as numpy has it, keyed
by the seed and the purpose's name, the second word of its counter being the index: a sample, an
epoch. Numbers are made from the raw words here, not by ``numpy.random.Generator``, whose methods
may change between numpy versions.
"""

import hashlib

import numpy as np
import numpy.typing as npt


def purpose_key(purpose: str) -> int:
    """The purpose's half of the key: 64 bits of the BLAKE2b hash of its name."""
    return int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "little")


def raw_words(seed: int, purpose: str, count: int, index: int = 0) -> npt.NDArray[np.uint64]:
    """The first ``count`` 64-bit words of a stream."""
    key = seed | purpose_key(purpose) << 64
    return np.random.Philox(key=key, counter=index << 64).random_raw(count)


def uniform(seed: int, purpose: str, count: int) -> npt.NDArray[np.float64]:
    """``count`` numbers in [0, 1): the upper 53 bits of a word each. A longer draw only adds."""
    mantissa = raw_words(seed, purpose, count) >> np.uint64(11)
    return mantissa.astype(np.float64) * 2.0**-53


def permutation(seed: int, purpose: str, count: int, index: int = 0) -> npt.NDArray[np.int64]:
    """A permutation of ``range(count)``: the order of as many random words."""
    return np.argsort(raw_words(seed, purpose, count, index), kind="stable")

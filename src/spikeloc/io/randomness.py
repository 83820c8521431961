"""Named random streams: ``(seed, purpose, index)`` gives the same numbers anywhere, in any order.

Philox 4x64 with 10 rounds (Salmon et al. 2011, doi 10.1145/2063384.2063405) as in numpy, keyed by
the seed and the name of the purpose; the second word of its counter is the index, such as a sample
or an epoch. The numbers are made from raw words here, because the methods of
``numpy.random.Generator`` may change between versions of numpy. See docs/model.md, "Random bits".
"""

import hashlib

import numpy as np
import numpy.typing as npt


def purpose_key(purpose: str) -> int:
    """The upper half of the key: 64 bits of the BLAKE2b hash of the purpose's name."""
    return int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "little")


def raw_words(seed: int, purpose: str, count: int, index: int = 0) -> npt.NDArray[np.uint64]:
    """The first ``count`` 64-bit words of a stream, (count,)."""
    key = seed | purpose_key(purpose) << 64
    return np.random.Philox(key=key, counter=index << 64).random_raw(count)


def uniform(seed: int, purpose: str, count: int) -> npt.NDArray[np.float64]:
    """Uniform numbers in [0, 1), (count,): the upper 53 bits of one word each.

    A longer draw begins with the numbers of a shorter one.
    """
    mantissa = raw_words(seed, purpose, count) >> np.uint64(11)
    return mantissa.astype(np.float64) * 2.0**-53


def uint32(seed: int, purpose: str, count: int, index: int = 0) -> npt.NDArray[np.uint32]:
    """32-bit numbers, (count,): two from each word of a stream, the lower half first."""
    words = raw_words(seed, purpose, (count + 1) // 2, index)
    return words.astype("<u8", copy=False).view("<u4")[:count]


def normal(seed: int, purpose: str, count: int, index: int = 0) -> npt.NDArray[np.float64]:
    """Standard normal numbers, (count,): quantiles of 32-bit numbers, half a step away from 0."""
    from scipy.special import ndtri  # here, because most jobs do not need scipy

    return ndtri((uint32(seed, purpose, count, index) + 0.5) * 2.0**-32)


def exponential(seed: int, purpose: str, count: int) -> npt.NDArray[np.float64]:
    """Exponentially distributed numbers of mean 1, (count,)."""
    return -np.log1p(-uniform(seed, purpose, count))


def permutation(seed: int, purpose: str, count: int, index: int = 0) -> npt.NDArray[np.int64]:
    """A permutation of ``range(count)``: the order of ``count`` random words."""
    return np.argsort(raw_words(seed, purpose, count, index), kind="stable")

"""Philox4x64-10 in plain integers, after Salmon et al. 2011 (doi 10.1145/2063384.2063405)."""

import hashlib

WORD = 2**64
MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
Block = tuple[int, int, int, int]


def philox_block(counter: Block, key: tuple[int, int]) -> Block:
    """Four words of one counter."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = divmod(MULTIPLIERS[0] * a, WORD)
        high1, low1 = divmod(MULTIPLIERS[1] * c, WORD)
        a, b, c, d = high1 ^ b ^ k0, low1, high0 ^ d ^ k1, low0
        k0, k1 = (k0 + WEYL[0]) % WORD, (k1 + WEYL[1]) % WORD
    return a, b, c, d


def plain_words(seed: int, purpose: str, count: int, index: int = 0) -> list[int]:
    """A stream's words: numpy counts up before the first block, so that it starts at 1."""
    named = hashlib.blake2b(purpose.encode(), digest_size=8).digest()
    key = (seed, sum(byte << 8 * place for place, byte in enumerate(named)))
    words: list[int] = []
    for block in range(1, count // 4 + 2):
        words += philox_block((block, index, 0, 0), key)
    return words[:count]

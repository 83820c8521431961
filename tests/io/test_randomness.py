"""Random streams against Philox in plain integers."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from philox import philox_block, plain_words

from spikeloc.io.randomness import (
    normal,
    permutation,
    purpose_key,
    raw_words,
    uint32,
    uniform,
)

seeds = st.integers(0, 2**63 - 1)


def test_plain_philox_gives_the_published_answer() -> None:
    # Random123's known answers (kat_vectors): philox4x64, 10 rounds, counter and key all 0
    assert philox_block((0, 0, 0, 0), (0, 0)) == (
        0x16554D9ECA36314C,
        0xDB20FE9D672D0FDC,
        0xD7E772CEE186176B,
        0x7E68B68AEC7BA23B,
    )


@given(
    seed=seeds,
    purpose=st.text(max_size=20),
    count=st.integers(0, 13),
    index=st.integers(0, 2**40),
)
def test_words_are_those_of_plain_philox(seed: int, purpose: str, count: int, index: int) -> None:
    assert raw_words(seed, purpose, count, index).tolist() == plain_words(
        seed, purpose, count, index
    )


def test_words_stay_what_they_were() -> None:
    golden = [0x1338AE711A644BCC, 0xDD1601214DFA7648, 0xFB6FC33C58117F9C]
    assert raw_words(1, "training/spikes", 3, index=2).tolist() == golden


def test_uniform_numbers_are_the_upper_53_bits() -> None:
    expected = [word // 2**11 / 2**53 for word in plain_words(9, "x", 100)]
    assert uniform(9, "x", 100).tolist() == expected
    assert min(expected) >= 0 and max(expected) < 1


def test_a_longer_draw_only_adds() -> None:
    assert uniform(9, "x", 50).tolist() == uniform(9, "x", 101)[:50].tolist()


def test_streams_differ_by_seed_purpose_and_index() -> None:
    streams = {
        tuple(raw_words(seed, purpose, 4, index).tolist())
        for seed in (0, 1)
        for purpose in ("training/ipd", "test/ipd")
        for index in (0, 1)
    }
    assert len(streams) == 8
    assert purpose_key("training/ipd") != purpose_key("test/ipd")


@given(seed=seeds, count=st.integers(0, 100), index=st.integers(0, 1000))
def test_permutations_hold_everything_once(seed: int, count: int, index: int) -> None:
    assert sorted(permutation(seed, "batches", count, index)) == list(range(count))


def test_a_permutation_is_the_order_of_its_words() -> None:
    words = plain_words(2, "batches", 40, 7)
    expected = sorted(range(40), key=lambda place: words[place])
    assert permutation(2, "batches", 40, 7).tolist() == expected


def test_first_places_are_shared_evenly() -> None:
    # 3000 permutations of 6: each unit is first Binomial(3000, 1/6) = 500 +- 20.4; 5 sd
    first = [permutation(seed, "signs/w1", 6)[0] for seed in range(3000)]
    assert np.bincount(first, minlength=6) == pytest.approx(500, abs=102)


def test_a_word_holds_two_draws_the_lower_half_first() -> None:
    words = raw_words(3, "draws", 2, index=5).tolist()
    halves = [half for word in words for half in (word & 0xFFFFFFFF, word >> 32)]
    assert uint32(3, "draws", 4, index=5).tolist() == halves
    assert uint32(3, "draws", 3, index=5).tolist() == halves[:3]


def test_normal_numbers_are_quantiles_of_draws() -> None:
    numbers = normal(3, "noise", 20_000, index=5)
    quantiles = [NormalDist().inv_cdf((draw + 0.5) / 2**32) for draw in uint32(3, "noise", 9, 5)]
    assert numbers[:9].tolist() == pytest.approx(quantiles)
    assert abs(numbers.mean()) < 0.03 and abs(numbers.std() - 1) < 0.02

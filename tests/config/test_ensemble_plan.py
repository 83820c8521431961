"""Blocks of seeds: what one job trains."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.config.ensemble_plan import BLOCK_SEEDS, EnsemblePlan, seeds_name
from spikeloc.config.parameters import Nesting, RunParameters

RUN = RunParameters()
SEEDS = st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=60, unique=True).map(tuple)


@given(SEEDS)
def test_blocks_are_the_seeds_in_their_order(seeds: tuple[int, ...]) -> None:
    blocks = EnsemblePlan(RUN, seeds).blocks
    assert tuple(seed for block in blocks for seed in block.seeds) == seeds
    assert all(len(block.seeds) == BLOCK_SEEDS for block in blocks[:-1])
    assert 1 <= len(blocks[-1].seeds) <= BLOCK_SEEDS
    assert len({block.name for block in blocks}) == len(blocks)
    assert all(block.parameters is RUN and block.blocks == [block] for block in blocks)


@given(SEEDS, st.data())
def test_more_seeds_leave_full_blocks_as_they_are(
    seeds: tuple[int, ...], data: st.DataObject
) -> None:
    known = data.draw(st.integers(1, len(seeds)))
    before = [block.name for block in EnsemblePlan(RUN, seeds[:known]).blocks]
    after = [block.name for block in EnsemblePlan(RUN, seeds).blocks]
    full = known // BLOCK_SEEDS
    assert before[:full] == after[:full]
    if known % BLOCK_SEEDS and known < len(seeds):  # the last block grows
        assert before[full] not in after


def test_a_block_counts_seeds_not_networks() -> None:
    nested = RUN.model_copy(update={"nesting": Nesting(networks=3, shared=["training"])})
    blocks = EnsemblePlan(nested, tuple(range(1, 13))).blocks
    assert [block.networks for block in blocks] == [30, 6]


def test_up_to_ten_seeds_are_one_block_of_the_ensembles_own_name() -> None:
    ensemble = EnsemblePlan(RUN, tuple(range(1, 11)))
    assert ensemble.blocks == [ensemble]


def test_the_name_of_a_block_is_of_its_parameters_and_seeds() -> None:
    other = RunParameters.model_validate({"network": {"tau_ms": 7}})
    plans = [EnsemblePlan(RUN, (1, 2)), EnsemblePlan(RUN, (2, 1)), EnsemblePlan(other, (1, 2))]
    assert len({plan.name for plan in plans}) == 3


@pytest.mark.parametrize(
    ("seeds", "name"),
    [
        ([1], "seeds-1"),
        (range(1, 11), "seeds-1-10"),
        ([3, 7, 8, 9], "seeds-3_7-9"),
        ([9, 8, 1, 2], "seeds-9_8_1-2"),
    ],
)
def test_a_list_of_seeds_has_a_name_that_says_it(seeds: Sequence[int], name: str) -> None:
    assert seeds_name(seeds) == name


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), min_size=1), unique_by=tuple))
def test_names_of_lists_of_seeds_differ_and_are_short(lists: list[list[int]]) -> None:
    names = list(map(seeds_name, lists))
    assert len(set(names)) == len(names) and all(len(name) < 90 for name in names)

"""The search for good settings: what is drawn, who goes on, and that it repeats itself."""

from functools import reduce
from typing import Any

import pandas as pd
import pytest
from configs import EXTENDED, ROOT, paper, put

from spikeloc.config.expansion import expand
from spikeloc.config.loading import check_config, load_config
from spikeloc.config.search.candidates import search_runs
from spikeloc.config.search.settings import Search, drawn_settings
from spikeloc.io.errors import InputError
from spikeloc.paper.claims import read_claims
from spikeloc.release import origin
from spikeloc.training.successive_halving import (
    Score,
    candidate_score,
    search_table,
    successive_halving,
    with_epochs,
)

pytestmark = pytest.mark.long

CHOICES: dict[str, Any] = {
    "training.learning_rate": [0.01, 0.03, 0.1],
    "network.surrogate": ["sigmoid", "triangular"],
    "training.fresh_stimuli": [True],
}
SEARCH: dict[str, Any] = {
    "recipes": ["dale", "envelope"],
    "seed": 5,
    "network_seeds": [11, 12],
    "candidates": 4,
    "keep": 2,
    "epochs": [1, 2],
    "choices": CHOICES,
}


def small_search(**changes: Any) -> dict[str, Any]:
    """The paper's config at a small size, with a search."""
    content = put(paper(), "stimulus.duration_ms", 24)
    content["stimulus"]["fibres_per_ear"] = 7
    content["network"] |= {"hidden_units": 6}
    content["training"] |= {"training_samples": 48, "validation_samples": 32}
    for name in ("phase_effect", "coincidence", "analysis"):
        del content[name]
    return content | {"search": SEARCH | changes}


def test_settings_are_drawn_by_name_and_a_longer_search_adds() -> None:
    few = drawn_settings(Search.model_validate(SEARCH))
    more = drawn_settings(Search.model_validate(SEARCH | {"candidates": 300}))
    assert more[:4] == few
    for path, values in CHOICES.items():
        shares = pd.Series([settings[path] for settings in more]).value_counts(normalize=True)
        assert set(shares.index) == set(values)
        assert shares.to_numpy() == pytest.approx(1 / len(values), abs=0.08)
    other = drawn_settings(Search.model_validate(SEARCH | {"candidates": 300, "seed": 6}))
    assert other != more
    fewer = {path: CHOICES[path] for path in list(CHOICES)[1:]}
    alone = drawn_settings(Search.model_validate(SEARCH | {"choices": fewer}))
    assert all(a["network.surrogate"] == b["network.surrogate"]
               for a, b in zip(alone, few, strict=True))  # fmt: skip


def test_candidates_override_the_recipe() -> None:
    config = check_config(small_search())
    runs = search_runs(config)
    assert list(runs) == ["dale", "envelope"]
    assert config.search is not None
    for recipe, tau in (("dale", 5), ("envelope", 20)):
        for run, settings in zip(runs[recipe], drawn_settings(config.search), strict=True):
            assert run.network.tau_ms == tau and run.training.fresh_stimuli
            assert run.training.learning_rate == settings["training.learning_rate"]
            assert run.network.surrogate == settings["network.surrogate"]
    del (content := small_search())["search"]
    assert search_runs(check_config(content)) == {}


def test_a_search_is_in_the_variant_that_it_names() -> None:
    corrected, named, published = (
        search_runs(check_config(small_search(**each)))["envelope"][0]
        for each in ({}, {"variant": "corrected"}, {"variant": "published"})
    )
    assert corrected == named and corrected.training.validate_each_epoch
    assert published.stimulus.phase == "per_dataset"
    assert not published.training.validate_each_epoch
    content = small_search()
    assert "variant" not in origin.settings(check_config(content))["search"]
    # without variants of these names, a search is in none
    mine = {"network": {"surrogate_slope": 7}, "training": {"validate_each_epoch": True}}
    content["variants"] = {"mine": mine}
    content["search"]["recipes"] = ["dale"]
    for experiment in content["experiments"].values():
        for key in ("variants", "printed", "nesting"):
            experiment.pop(key, None)
    assert search_runs(check_config(content))["dale"][0].network.surrogate_slope == 5
    content["search"]["variant"] = "mine"
    assert search_runs(check_config(content))["dale"][0].network.surrogate_slope == 7


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"recipes": ["nobody"]}, "search.recipes: 'nobody' is not one of"),
        ({"variant": "correct"}, "search.variant: 'correct' is not one of: .* 'corrected'"),
        (
            {"choices": {"network.tau": [1.0]}},
            "search.choices.network.tau: .* did you mean 'network.tau_ms'",
        ),
        ({"choices": {"network.tau_ms": [-1.0]}}, "search.choices: network.tau_ms"),
        ({"choices": {"network.tau_ms": [5.0] * 99 + ["1_0"]}}, "not '1_0'"),  # not drawn
        ({"choices": {"seeds": [1]}}, "'seeds' is not the dotted name of a parameter"),
        ({"choices": {}}, "at least 1"),
        ({"epochs": [3, 3]}, "epochs must increase"),
        ({"network_seeds": [1, 1]}, "network_seeds holds a duplicate"),
        ({"keep": 1}, "greater than or equal to 2"),
    ],
)
def test_what_cannot_be_searched_is_refused(changes: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_config(small_search(**changes))


def test_the_best_go_on_and_the_diverged_do_not() -> None:
    # round 0: 5 of 5, two of them the best (1 and 4, 1 having diverged), the third in a tie
    accuracy = {0: 50.0, 1: 99.0, 2: 70.0, 3: 50.0, 4: 80.0}
    asked: list[tuple[int, int]] = []

    def score(candidate: int, epochs: int) -> Score:
        asked.append((candidate, epochs))
        return Score(accuracy[candidate] - epochs * candidate, 1.0, 60.0, int(candidate == 1))

    table = successive_halving(5, [1, 3, 9], 2, score)
    # 50, -, 68, 47, 76 -> 4, 2, 0; then 50, 64, 68 -> 4, 2; then 52, 44
    assert asked == [(i, 1) for i in range(5)] + [(0, 3), (2, 3), (4, 3)] + [(2, 9), (4, 9)]
    assert table["round"].tolist() == [0] * 5 + [1] * 3 + [2] * 2
    assert table["rank"].tolist() == [3, 5, 2, 4, 1, 3, 2, 1, 1, 2]
    assert table.loc[table["round"] == 2, "val_accuracy"].tolist() == [52.0, 44.0]


def test_a_tie_goes_to_the_first() -> None:
    table = successive_halving(3, [1, 2], 2, lambda *_: Score(50.0, 1.0, 50.0, 0))
    assert table["candidate"].tolist() == [0, 1, 2, 0, 1]


def test_search_repeats_itself_and_says_what_was_tried() -> None:
    config = check_config(small_search())
    assert config.search is not None
    lines: list[str] = []
    runs = search_runs(config)["dale"]
    table = search_table(config.search, runs, lines.append, "auto")
    assert table.equals(search_table(config.search, runs, str, "auto"))
    assert len(lines) == len(table) == 4 + 2
    settings = drawn_settings(config.search)
    for row in table.to_dict("records"):
        assert {path: row[path] for path in CHOICES} == settings[row["candidate"]]
    alone = candidate_score(with_epochs(runs[2], 1), [11, 12], "auto")
    assert vars(alone) == {name: table.loc[2, name] for name in vars(alone)}


def test_every_epoch_is_trained() -> None:
    run = with_epochs(search_runs(check_config(small_search()))["dale"][0], 40)
    assert run.training.epochs == run.training.patience_epochs == 40


def test_the_best_networks_have_the_settings_that_are_claimed_to_have_won() -> None:
    config = load_config(EXTENDED)
    assert config.search
    runs = {run.path: run.parameters for run in expand(config)}
    claims = read_claims([ROOT / "paper/extended_claims.yaml"]).text
    (won,) = (claim for claim in claims if claim.name == "winners_are_used")
    claimed: dict[Any, set[str]] = {}
    for check in won.holds or []:
        assert (check.where["rank"], check.where["round"]) == (1, len(config.search.epochs) - 1)
        signs = str(check.where["recipe"]).removeprefix("fresh_")
        parameters: Any = runs[f"best/{signs}/corrected"]
        own = reduce(getattr, check.column.split("."), parameters)
        assert own == check.equals, f"{signs}: {check.column}"
        claimed.setdefault(signs, set()).add(check.column)
    choices = set(config.search.choices)
    of_signs = {name for name in choices if name.endswith("inhibitory_fraction")}
    assert claimed == {"free": choices - of_signs, "dale": choices}

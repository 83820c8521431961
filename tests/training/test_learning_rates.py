"""The search for a learning rate: which one is chosen, and what is then trained at it."""

import math
from pathlib import Path
from typing import Any

import pytest
from helpers import small_run

from spikeloc import load_run
from spikeloc.config.ensemble_plan import seeds_name
from spikeloc.config.parameters import RateSearch, RunParameters
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES, read_table
from spikeloc.stimulus.manifests import read_data_sets, write_manifest
from spikeloc.training import data as data_of_ensembles
from spikeloc.training.job import train_and_evaluate
from spikeloc.training.learning_rates import at_chosen_rate, rate_table, search_rate
from spikeloc.training.train import Progress

pytestmark = pytest.mark.usefixtures("torch_as_it_was")

SEEDS = [3, 1]
SEARCH = RateSearch(learning_rates=[5.0, 0.02], seeds=[7, 8])


def progress(*losses: float, diverged: bool = False) -> Progress:
    return Progress(train_loss=[1.0] * len(losses), val_loss=list(losses), diverged=diverged)


def test_the_smallest_mean_of_the_best_losses_is_chosen() -> None:
    tried = {
        0.1: [progress(0.9, 0.5, 0.7), progress(0.9)],  # 0.7
        0.2: [progress(0.8, 0.6), progress(0.4, 0.5)],  # 0.5
        0.3: [progress(0.1), progress(0.9)],  # 0.5, but later
    }
    table = rate_table(tried)
    assert table["val_loss"].tolist() == pytest.approx([0.7, 0.5, 0.5])
    assert table["learning_rate"].tolist() == [0.1, 0.2, 0.3]
    assert table["networks"].tolist() == [2, 2, 2]
    assert table["chosen"].tolist() == [False, True, False]
    search = RateSearch(learning_rates=[0.1, 0.2, 0.3], seeds=[7])
    searching = small_run().model_copy(update={"rate_search": search})
    assert at_chosen_rate(searching, table) == small_run(training={"learning_rate": 0.2})


def test_a_rate_at_which_a_network_diverges_is_not_chosen() -> None:
    tried = {0.1: [progress(0.1), progress(0.1, diverged=True)], 0.2: [progress(2.0)] * 2}
    table = rate_table(tried)
    assert table["diverged"].tolist() == [1, 0] and math.isnan(table["val_loss"][0])
    assert table["chosen"].tolist() == [False, True]
    with pytest.raises(InputError, match=r"diverged at every learning rate of \[0.1\]"):
        rate_table({0.1: [progress(0.1), progress(math.inf, diverged=True)]})


def job(run: RunParameters, folder: Path) -> Path:
    def written(seeds: list[int]) -> Path:
        path = folder / f"{seeds_name(seeds)}.json"
        write_manifest(path, run.stimulus, seeds, run.data_sizes())
        return path

    rates = folder / "rates.csv" if run.rate_search else None
    if run.rate_search and rates:
        search_rate(run, written(run.rate_search.seeds), rates, "cpu", "auto")
    outputs = {name: folder / "ensemble" / file for name, file in RUN_FILES.items()}
    train_and_evaluate(run, SEEDS, written(SEEDS), outputs, "cpu", "auto", rates)
    return folder / "ensemble"


def test_an_ensemble_that_searches_is_one_at_the_rate_that_it_finds(tmp_path: Path) -> None:
    plain = small_run(training={"learning_rate": 0.02})
    searching = small_run().model_copy(update={"rate_search": SEARCH})
    found, same = job(searching, tmp_path / "a"), job(plain, tmp_path / "b")
    assert load_run(found).parameters == plain
    for file in set(RUN_FILES.values()) - {"learning_rates.csv"}:
        assert (found / file).read_bytes() == (same / file).read_bytes()
    tried, given = (read_table(folder / "learning_rates.csv") for folder in (found, same))
    assert tried["learning_rate"].tolist() == [5.0, 0.02]
    assert tried["chosen"].tolist() == [False, True]
    assert given[["learning_rate", "networks", "chosen"]].to_numpy().tolist() == [[0.02, 0, True]]


def test_the_loss_of_a_rate_is_that_of_its_seeds(tmp_path: Path) -> None:
    search = RateSearch(learning_rates=[0.01, 0.02], seeds=SEEDS)
    searching = small_run().model_copy(update={"rate_search": search})
    tried = read_table(job(searching, tmp_path / "a") / "learning_rates.csv")
    for row in tried.itertuples():
        plain = small_run(training={"learning_rate": row.learning_rate})
        metrics = read_table(job(plain, tmp_path / str(row.Index)) / "metrics.csv")
        assert row.val_loss == pytest.approx(metrics["val_loss"].mean(), rel=1e-5)


def test_the_search_makes_no_test_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[list[int], list[str]]] = []

    def watched(path: Any, stimulus: Any, seeds: list[int], sizes: Any, backend: Any) -> Any:
        made.append((seeds, list(sizes)))
        return read_data_sets(path, stimulus, seeds, sizes, backend)

    monkeypatch.setattr(data_of_ensembles, "read_data_sets", watched)
    job(small_run().model_copy(update={"rate_search": SEARCH}), tmp_path)
    tuned, own = ["training", "validation"], ["training", "validation", "test"]
    assert made == [([7, 8], tuned), ([3, 1], own)]


def test_the_searched_learning_rate_is_no_parameter_of_a_run() -> None:
    searching = small_run().model_copy(update={"rate_search": SEARCH})
    assert RunParameters.model_validate(searching.model_dump()) == searching
    assert "learning_rate" not in searching.canonical()["training"]
    assert searching.normalised().training.learning_rate == 0.01
    assert searching.at_rate(0.5).training.learning_rate == 0.5

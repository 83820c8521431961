"""A search for good settings: successive halving of settings drawn at random."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.config.search import Search
from spikeloc.config.search_space import drawn_settings
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.batches import Batches
from spikeloc.stimulus.generator import make_data_set
from spikeloc.training.train import train


@dataclass(frozen=True)
class Score:
    """Of a candidate's networks: means over them, and how many have diverged."""

    val_accuracy: float
    val_loss: float
    train_accuracy: float
    diverged: int


def successive_halving(
    candidates: int, epochs: Sequence[int], keep: int, score: Callable[[int, int], Score]
) -> pd.DataFrame:
    """One row for every candidate and round: ``round`` and ``candidate`` (from 0), ``epochs``, the
    score, and ``rank`` in the round (from 1).

    The best one in ``keep`` of each round, rounded up, goes on to the next; the lower number in a
    tie. ``score`` is called with a candidate and the round's epochs. Networks that have diverged
    make a candidate the worst.
    """
    tables, going_on = [], list(range(candidates))
    for index, count in enumerate(epochs):
        table = pd.DataFrame([vars(score(each, count)) for each in going_on])
        table.insert(0, "epochs", count)
        table.insert(0, "candidate", going_on)
        table.insert(0, "round", index)
        by_score = table["val_accuracy"].where(table["diverged"] == 0, -1)
        table["rank"] = by_score.rank(method="first", ascending=False).astype(int)
        tables.append(table)
        best = table.sort_values("rank")[: -(-len(table) // keep)]
        going_on = sorted(best["candidate"])
    return pd.concat(tables, ignore_index=True)


def search_table(
    search: Search, runs: Sequence[RunParameters], report: Callable[[str], object], backend: Backend
) -> pd.DataFrame:
    """All that a search has tried with one recipe: see :func:`successive_halving`; and the
    settings, a column each.

    Args:
        runs: what each candidate's run is but for its epochs.
        report: is given a line of text for each.
    """

    def score(candidate: int, epochs: int) -> Score:
        made = candidate_score(with_epochs(runs[candidate], epochs), search.network_seeds, backend)
        report(f"candidate {candidate}, {epochs} epochs: {made.val_accuracy:.1f} % right")
        return made

    table = successive_halving(search.candidates, search.epochs, search.keep, score)
    settings = pd.DataFrame(drawn_settings(search)).iloc[table["candidate"]]
    return pd.concat([table, settings.reset_index(drop=True)], axis=1)


def with_epochs(run: RunParameters, epochs: int) -> RunParameters:
    """The same run with other epochs, all of which are trained."""
    changes = {"epochs": epochs, "patience_epochs": epochs}
    return run.model_copy(update={"training": run.training.model_copy(update=changes)})


def candidate_score(run: RunParameters, seeds: Sequence[int], backend: Backend) -> Score:
    """Train networks and score them on their validation data; nothing looks at test data."""
    network_ids = [NetworkId(seed) for seed in seeds]
    sizes = run.samples_by_purpose()
    data = {
        purpose: Batches.from_data_sets(
            [
                make_data_set(run.stimulus, seed, purpose, sizes[purpose], backend=backend)
                for seed in seeds
            ],
            run.network.classes,
            torch.device("cpu"),
        )
        for purpose in ("training", "validation")
    }
    trained = train(run, data["training"], data["validation"], network_ids, str, backend)
    on = {name: evaluate(trained.weights, batches, run, backend) for name, batches in data.items()}
    return Score(
        val_accuracy=float(np.mean(on["validation"].accuracy())),
        val_loss=float(np.mean(on["validation"].loss)),
        train_accuracy=float(np.mean(on["training"].accuracy())),
        diverged=sum(each.diverged for each in trained.progress),
    )

"""A search for good settings by successive halving of settings drawn at random.

All candidates of a round are compared at once, after the same number of epochs; libraries offer the
asynchronous kind, whose result depends on the timing of jobs. Source: docs/model.md, "Searches".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.config.search.settings import Search, drawn_settings
from spikeloc.metrics.evaluation import evaluate
from spikeloc.networks.ensemble_data import EnsembleData
from spikeloc.networks.membrane_only import build_network
from spikeloc.stimulus.generator import make_data_set
from spikeloc.training.train import train


@dataclass(frozen=True)
class Score:
    """Scores of a candidate: means over its networks (accuracies in percent, loss in nats), and how
    many of them diverged."""

    val_accuracy: float
    val_loss: float
    train_accuracy: float
    diverged: int


def successive_halving(
    candidates: int, epochs: Sequence[int], keep: int, score: Callable[[int, int], Score]
) -> pd.DataFrame:
    """Run the rounds of a search and return their table.

    Args:
        candidates: how many there are in the first round.
        epochs: of training, in each round.
        keep: one in ``keep`` candidates of a round, rounded up, takes part in the next: the most
            accurate ones on validation data, those with the lower number in a tie. A candidate with
            diverged networks is the worst.
        score: is called with the number of a candidate and the epochs of the round.

    Returns:
        One row for each candidate and round: ``round`` and ``candidate`` (from 0), ``epochs``, the
        fields of :class:`Score`, and ``rank`` in the round (from 1).
    """
    tables, remaining = [], list(range(candidates))
    for index, count in enumerate(epochs):
        table = pd.DataFrame([vars(score(each, count)) for each in remaining])
        table.insert(0, "epochs", count)
        table.insert(0, "candidate", remaining)
        table.insert(0, "round", index)
        by_score = table["val_accuracy"].where(table["diverged"] == 0, -1)
        table["rank"] = by_score.rank(method="first", ascending=False).astype(int)
        tables.append(table)
        best = table.sort_values("rank")[: -(-len(table) // keep)]
        remaining = sorted(best["candidate"])
    return pd.concat(tables, ignore_index=True)


def search_table(
    search: Search, runs: Sequence[RunParameters], report: Callable[[str], object], backend: Backend
) -> pd.DataFrame:
    """The table of :func:`successive_halving` for one recipe, with a column for each setting.

    Args:
        search: what is searched.
        runs: the run of each candidate; its epochs are replaced by those of the round.
        report: is called with a line of text for each candidate.
        backend: what computes.
    """

    def score(candidate: int, epochs: int) -> Score:
        made = candidate_score(with_epochs(runs[candidate], epochs), search.network_seeds, backend)
        report(f"candidate {candidate}, {epochs} epochs: {made.val_accuracy:.1f} % correct")
        return made

    table = successive_halving(search.candidates, search.epochs, search.keep, score)
    settings = pd.DataFrame(drawn_settings(search)).iloc[table["candidate"]]
    return pd.concat([table, settings.reset_index(drop=True)], axis=1)


def with_epochs(run: RunParameters, epochs: int) -> RunParameters:
    """The same run with another number of epochs and without early stopping."""
    changes = {"epochs": epochs, "patience_epochs": epochs}
    return run.model_copy(update={"training": run.training.model_copy(update=changes)})


def candidate_score(run: RunParameters, seeds: Sequence[int], backend: Backend) -> Score:
    """Train one network for each seed and score it on validation data; test data are not used."""
    network_ids = [NetworkId(seed) for seed in seeds]
    sizes = run.samples_by_purpose()
    data = {
        purpose: EnsembleData.from_data_sets(
            [
                make_data_set(run.stimulus, seed, purpose, sizes[purpose], backend=backend)
                for seed in seeds
            ],
            run.network.classes,
            torch.device("cpu"),
        )
        for purpose in ("training", "validation")
    }
    network = build_network(run.network, run.stimulus, network_ids, backend)
    progress = train(network, data["training"], data["validation"], run.training)
    on = {name: evaluate(network, each) for name, each in data.items()}
    return Score(
        val_accuracy=float(np.mean(on["validation"].accuracy())),
        val_loss=float(np.mean(on["validation"].loss)),
        train_accuracy=float(np.mean(on["training"].accuracy())),
        diverged=sum(each.diverged for each in progress),
    )

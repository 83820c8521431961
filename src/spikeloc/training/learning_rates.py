"""The learning rate of an ensemble, chosen among several on data that nothing else is seen of
(spec section 7)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import torch

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.io.errors import InputError
from spikeloc.training.data import ensemble_data
from spikeloc.training.train import Progress, train


def try_rates(
    run: RunParameters, manifests: Mapping[int, str | Path], device: torch.device, backend: Backend
) -> pd.DataFrame:
    """Train networks of the search's seeds at each of its learning rates: :func:`rate_table`.

    Of their data, those for training and validation are made; the test data are not.

    Args:
        run: one with a search.
        manifests: of the search's seeds.
    """
    network_ids = run.nesting.network_ids(list(manifests))
    data = ensemble_data(run, manifests, device, backend, ["training", "validation"])
    tried = {}
    for candidate in run.candidates():
        rate = candidate.training.learning_rate
        print(f"learning rate {rate:g}")
        trained = train(
            candidate, data["training"], data["validation"], network_ids, print, backend
        )
        tried[rate] = trained.progress
    return rate_table(tried)


def rate_table(tried: Mapping[float, Sequence[Progress]]) -> pd.DataFrame:
    """One row per learning rate: ``learning_rate, networks, diverged, val_loss, chosen``.

    ``val_loss``: the best of each of the rate's networks, their mean, in nats. The smallest is
    chosen, the first in a tie; a rate at which a network has diverged has no loss and is not.

    Raises:
        InputError: networks have diverged at every rate.
    """
    rows = []
    for rate, networks in tried.items():
        diverged = sum(each.diverged for each in networks)
        best = pd.Series([min(each.val_loss, default=float("nan")) for each in networks])
        loss = float("nan") if diverged else best.mean()
        about = {"learning_rate": rate, "networks": len(networks), "diverged": diverged}
        rows.append(about | {"val_loss": loss})
    table = pd.DataFrame(rows)
    if table["val_loss"].isna().all():
        raise InputError(f"tune: networks diverged at every learning rate of {list(tried)}")
    return table.assign(chosen=table.index == table["val_loss"].idxmin())


def given_rate(learning_rate: float) -> pd.DataFrame:
    """The same table for a rate that nothing was tried for."""
    row = {"learning_rate": learning_rate, "networks": 0, "diverged": 0, "val_loss": float("nan")}
    return pd.DataFrame([row | {"chosen": True}])


def chosen_rate(table: pd.DataFrame) -> float:
    """The rate that was chosen."""
    return float(table.loc[table["chosen"], "learning_rate"].item())

"""The choice of an ensemble's learning rate on seeds that are used for nothing else.

Source: docs/model.md, "Searches".
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import torch

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.io.errors import InputError
from spikeloc.networks.membrane_only import build_network
from spikeloc.training.data import ensemble_data
from spikeloc.training.train import Progress, train


def try_rates(
    run: RunParameters, manifests: Mapping[int, str | Path], device: torch.device, backend: Backend
) -> pd.DataFrame:
    """Train networks of the search's seeds with each of its learning rates: :func:`rate_table`.

    Only training and validation data are made, no test data.

    Args:
        run: parameters with a ``rate_search``.
        manifests: path by seed, of the search's seeds.
        device: of the networks.
        backend: what computes.

    Raises:
        InputError: a manifest is damaged, or networks diverged at every learning rate.
    """
    network_ids = run.nesting.network_ids(list(manifests))
    data = ensemble_data(run, manifests, device, backend, ["training", "validation"])
    tried = {}
    for candidate in run.candidates():
        rate = candidate.training.learning_rate
        print(f"learning rate {rate:g}")
        network = build_network(run.network, run.stimulus, network_ids, backend).to(device)
        recipe = candidate.training
        tried[rate] = train(network, data["training"], data["validation"], recipe, print)
    return rate_table(tried)


def rate_table(tried: Mapping[float, Sequence[Progress]]) -> pd.DataFrame:
    """One row per learning rate: ``learning_rate, networks, diverged, val_loss, chosen``.

    ``val_loss``: the mean over networks of each one's smallest validation loss, in nats. The rate
    with the smallest is chosen, the first one in a tie. A rate at which a network diverged has no
    loss and is never chosen.

    Args:
        tried: progress of each network by learning rate.

    Raises:
        InputError: networks diverged at every learning rate.
    """
    rows = []
    for rate, networks in tried.items():
        diverged = sum(each.diverged for each in networks)
        best = pd.Series([min(each.val_loss, default=float("nan")) for each in networks])
        loss = float("nan") if diverged else best.mean()
        row = {"learning_rate": rate, "networks": len(networks), "diverged": diverged}
        rows.append(row | {"val_loss": loss})
    table = pd.DataFrame(rows)
    if table["val_loss"].isna().all():
        raise InputError(f"tune: networks diverged at every learning rate of {list(tried)}")
    return table.assign(chosen=table.index == table["val_loss"].idxmin())


def given_rate(learning_rate: float) -> pd.DataFrame:
    """The same table for a learning rate that is given and not searched for."""
    row = {"learning_rate": learning_rate, "networks": 0, "diverged": 0, "val_loss": float("nan")}
    return pd.DataFrame([row | {"chosen": True}])


def chosen_rate(table: pd.DataFrame) -> float:
    """The chosen learning rate of such a table."""
    return float(table.loc[table["chosen"], "learning_rate"].item())

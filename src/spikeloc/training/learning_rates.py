"""The choice of a run's learning rate on seeds that are used for nothing else.

Source: docs/model.md, "Searches".
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.io.environment import prepared_device
from spikeloc.io.errors import InputError
from spikeloc.io.files import write_table
from spikeloc.networks.membrane_only import build_network
from spikeloc.training.data import ensemble_data
from spikeloc.training.train import Progress, train


def search_rate(
    run: RunParameters,
    manifest: str | Path,
    output: str | Path,
    device: str,
    backend: Backend,
) -> None:
    """Train networks of the search's seeds with each of its learning rates: :func:`rate_table`.

    Only training and validation data are made, no test data.

    Args:
        run: parameters with a ``rate_search``.
        manifest: of the stimuli of the search's seeds.
        output: path of the table.
        device: "cpu" or "cuda".
        backend: what computes; see :func:`spikeloc.native.use_native`.

    Raises:
        InputError: the manifest is damaged or belongs to another stimulus or seed, networks
            diverged at every learning rate, or there is no such device.
    """
    assert run.rate_search is not None
    torch_device = prepared_device(device)
    print("seeds", *run.rate_search.seeds)
    network_ids = run.nesting.network_ids(run.rate_search.seeds)
    purposes = ["training", "validation"]
    data = ensemble_data(run, run.rate_search.seeds, manifest, torch_device, backend, purposes)
    tried = {}
    for candidate in run.candidates():
        rate = candidate.training.learning_rate
        print(f"learning rate {rate:g}")
        network = build_network(run.network, run.stimulus, network_ids, backend)
        network = network.to(torch_device)
        recipe = candidate.training
        tried[rate] = train(network, data["training"], data["validation"], recipe, print)
    write_table(output, rate_table(tried))


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


def at_chosen_rate(run: RunParameters, table: pd.DataFrame) -> RunParameters:
    """The run at the rate that is chosen in the table of its search: :func:`rate_table`."""
    # not the number in the table, whose last bit may change when it is read from a file
    return run.candidates()[int(table["chosen"].idxmax())]

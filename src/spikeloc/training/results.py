"""The files of a trained ensemble: what training writes and what :func:`load_run` gives back.

A folder holds ``weights.safetensors`` (signed weights; in its metadata the parameters, the seed and
number of each network, the networks whose weights are not finite, and a checksum), ``history.csv``
(losses by epoch), ``metrics.csv`` (one row for each network), ``confusion.csv`` (counts of
estimated and true classes in the test data) and ``predictions.npz``.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from torch import Tensor

from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import RunParameters
from spikeloc.io.files import write_arrays, write_table
from spikeloc.io.weight_files import not_finite, write_weights
from spikeloc.metrics.declared import METRICS, Measured
from spikeloc.metrics.evaluation import Evaluation
from spikeloc.networks.network import LocalisationNetwork
from spikeloc.training.train import Progress


def history_table(progress: Sequence[Progress], network_ids: Sequence[NetworkId]) -> pd.DataFrame:
    """One row for each network and epoch (from 0); ``val_loss`` empty without validation."""
    rows = [
        {
            "seed": seed,
            "network": network,
            "epoch": epoch,
            "train_loss": loss,
            "val_loss": each.val_loss[epoch] if epoch < len(each.val_loss) else np.nan,
        }
        for (seed, network), each in zip(network_ids, progress, strict=True)
        for epoch, loss in enumerate(each.train_loss)
    ]
    return pd.DataFrame(rows)


def metrics_table(
    network_ids: Sequence[NetworkId],
    model: str,
    progress: Sequence[Progress],
    weights: Mapping[str, Mapping[str, Tensor]],
    on: Mapping[str, Evaluation],
) -> pd.DataFrame:
    """One row for each network, with every metric of :mod:`spikeloc.metrics.declared`.

    Metrics are those of the weights that were kept. A diverged network has none.

    Args:
        weights: signed weights by name, at the "start" and those "kept".
        on: the networks' evaluation by data set: "training" and "test", "validation" if they are
            validated, and "start", on test data before training.
    """
    table = pd.DataFrame(network_ids, columns=["seed", "network"]).assign(model=model)
    table["epochs"] = [len(each.train_loss) for each in progress]
    best = [each.best_epoch for each in progress]
    table["best_epoch"] = pd.array(best, dtype="Int64")
    table["stopped_early"] = [each.stopped_early for each in progress]
    table["diverged"] = [each.diverged for each in progress]
    measured = Measured(on, {when: _matrices(each) for when, each in weights.items()})
    for metric in METRICS:
        if metric.compute is not None:
            values = np.asarray(metric.compute(measured))
            # NaN stands for networks of a kind that does not have the metric
            if values.shape != (len(table),) and not (values.ndim == 0 and np.isnan(values)):
                raise ValueError(f"{metric.name}: needs one value for each network")
            table[metric.name] = np.where(table["diverged"], np.nan, values)
    return table


def _matrices(weights: Mapping[str, Tensor]) -> dict[str, npt.NDArray[np.float64]]:
    """The signed matrices (networks, rows, columns) that there are, a layer with interneurons
    having one too; what is not finite is taken for zero."""
    return {
        name: np.nan_to_num(weights[name].cpu().numpy().astype(np.float64), posinf=0, neginf=0)
        for name in ("w1", "w2")
        if name in weights
    }


def confusion_table(test: Evaluation, network_ids: Sequence[NetworkId]) -> pd.DataFrame:
    """Long table of the test data: seed, network, estimated, true (class indices), count."""
    counts = test.confusion_counts()
    row, estimated, true = np.indices(counts.shape)
    seed, network = np.array(network_ids).T
    return pd.DataFrame(
        {
            "seed": seed[row.ravel()],
            "network": network[row.ravel()],
            "estimated": estimated.ravel(),
            "true": true.ravel(),
            "count": counts.ravel(),
        }
    )


def save_predictions(path: str | Path, test: Evaluation, network_ids: Sequence[NetworkId]) -> None:
    """Write the test data's estimated class (uint8) and true IPD, (networks, samples), and a
    regression's estimated IPD."""
    seed, network = np.array(network_ids).T
    angle = test.estimated_ipd_rad
    write_arrays(
        path,
        seed=seed,
        network=network,
        estimated_class=test.estimated.astype(np.uint8),
        ipd_rad=test.ipd_rad,
        **({} if angle is None else {"estimated_ipd_rad": angle}),
    )


def save_run(
    outputs: Mapping[str, str | Path],
    network: LocalisationNetwork,
    start: Mapping[str, Tensor],
    progress: Sequence[Progress],
    run: RunParameters,
    on: Mapping[str, Evaluation],
) -> None:
    """Write every file of an ensemble; ``outputs``: path by name (weights, history, ...).

    Args:
        network: the trained ensemble.
        start: its signed weights before training.
        progress: of each network.
        run: parameters of the networks and their training.
        on: as for :func:`metrics_table`.
    """
    kept, network_ids = network.signed_weights(), network.network_ids
    seeds, networks = map(list, zip(*network_ids, strict=True))
    layers = {name: each.cpu().numpy() for name, each in kept.items()}
    metadata = {"parameters": run.model_dump(), "seeds": seeds, "networks": networks}
    if lost := not_finite(layers):
        metadata["not_finite"] = lost
    write_weights(outputs["weights"], layers, metadata)
    write_table(outputs["history"], history_table(progress, network_ids))
    weights = {"start": start, "kept": kept}
    metrics = metrics_table(network_ids, run.network.model, progress, weights, on)
    write_table(outputs["metrics"], metrics)
    write_table(outputs["confusion"], confusion_table(on["test"], network_ids))
    save_predictions(outputs["predictions"], on["test"], network_ids)

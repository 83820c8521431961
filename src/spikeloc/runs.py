"""The files of a trained stack: what training writes and what :func:`load_run` gives back.

A folder holds ``weights.safetensors`` (effective signed weights; parameters, seeds and checksum in
its metadata), ``history.csv`` (losses by epoch), ``metrics.csv`` (a row a network),
``confusion.csv`` (counts of estimated and true classes in the test data) and ``predictions.npz``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from spikeloc.errors import InputError, first_problem
from spikeloc.evaluation import Evaluation
from spikeloc.files import atomic_path, digest, write_arrays, write_table
from spikeloc.network import Activity, Weights, forward, layer_shapes
from spikeloc.parameters import RunParameters
from spikeloc.spikes import SpikeTrains
from spikeloc.training import Trained

WEIGHTS = "weights.safetensors"
METADATA = "spikeloc"


@dataclass(frozen=True)
class LoadedRun:
    """A trained stack, ready to run: one network a seed."""

    parameters: RunParameters
    seeds: list[int]
    weights: Weights

    def __call__(self, spikes: SpikeTrains) -> Activity:
        """Run every network on the same spikes.

        Returns:
            logits (networks, samples, classes) and hidden spikes.

        Raises:
            ValueError: the spikes are of another number of fibres.
        """
        inputs = self.parameters.stimulus.inputs
        if spikes.fibres != inputs:
            raise ValueError(f"networks of {inputs} inputs were given {spikes.fibres} fibres")
        batch = torch.from_numpy(spikes.unpack()).to(self.weights.w1)
        batch = batch.expand(len(self.seeds), *batch.shape).contiguous()
        with torch.no_grad():
            return forward(self.weights, batch, self.parameters)


def save_weights(
    path: str | Path, weights: Weights, parameters: RunParameters, seeds: list[int]
) -> None:
    """Write a stack's weights with all that is needed to run them."""
    layers = {name: layer.detach().cpu().contiguous() for name, layer in weights.layers().items()}
    about = {"parameters": parameters.model_dump(), "seeds": seeds}
    # one entry, because safetensors writes several in an order that changes from run to run
    metadata = {METADATA: json.dumps(about | {"sha256": _checksum(layers, about)})}
    with atomic_path(path) as temporary:
        save_file(layers, temporary, metadata)


def _checksum(layers: Mapping[str, Tensor], about: Mapping[str, Any]) -> str:
    hashed = hashlib.sha256(digest(about).encode())
    for name in sorted(layers):
        hashed.update(f"{name} {tuple(layers[name].shape)}".encode())
        hashed.update(layers[name].numpy().data)
    return hashed.hexdigest()


def load_run(folder: str | Path) -> LoadedRun:
    """The trained networks of a folder under ``results/runs`` (experiment/condition/variant).

    Raises:
        InputError: the weight file is missing, truncated or altered; the message names it.
    """
    path = Path(folder) / WEIGHTS
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {})[METADATA])
            layers = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        sealed = about.pop("sha256")
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise InputError(f"{path}: damaged or not a weight file ({error})") from None
    if _checksum(layers, about) != sealed:
        raise InputError(f"{path}: altered since it was written (checksum does not match)")
    try:
        parameters = RunParameters.model_validate(about["parameters"])
    except ValidationError as error:
        raise InputError(f"{path}: {first_problem(error)}") from None
    for name, shape in layer_shapes(parameters.network, parameters.stimulus.inputs).items():
        if name not in layers or layers[name].shape != (len(about["seeds"]), *shape):
            raise InputError(f"{path}: {name} is not (networks, {shape[0]}, {shape[1]})")
    return LoadedRun(parameters, about["seeds"], Weights(layers["w1"], layers.get("w2")))


def history_table(trained: Trained, seeds: list[int]) -> pd.DataFrame:
    """One row per network and epoch (from 0); ``val_loss`` empty without validation."""
    rows = [
        {
            "seed": seed,
            "epoch": epoch,
            "train_loss": loss,
            "val_loss": each.val_loss[epoch] if epoch < len(each.val_loss) else np.nan,
        }
        for seed, each in zip(seeds, trained.progress, strict=True)
        for epoch, loss in enumerate(each.train_loss)
    ]
    return pd.DataFrame(rows)


def metrics_table(
    trained: Trained, seeds: list[int], on: Mapping[str, Evaluation], model: str
) -> pd.DataFrame:
    """One row a network; ``on``: its evaluation by data set, "validation" only if it validates.

    Losses, accuracies and errors are those of the weights kept. A diverged network has none.
    """
    table = pd.DataFrame({"seed": seeds, "model": model})
    table["epochs"] = [len(each.train_loss) for each in trained.progress]
    best = [each.best_epoch for each in trained.progress]
    table["best_epoch"] = pd.array(best, dtype="Int64")
    table["stopped_early"] = [each.stopped_early for each in trained.progress]
    table["diverged"] = [each.diverged for each in trained.progress]
    measured = {
        "train_loss": on["training"].loss,
        "val_loss": on["validation"].loss if "validation" in on else np.nan,
        "train_accuracy": on["training"].accuracy(),
        "test_accuracy": on["test"].accuracy(),
        "train_abs_error_deg": on["training"].abs_error_deg(),
        "test_abs_error_deg": on["test"].abs_error_deg(),
        "test_class_error_deg": on["test"].class_error_deg(),
        "hidden_rate_hz": on["test"].hidden_rate_hz,
    }
    for name, values in measured.items():
        table[name] = np.where(table["diverged"], np.nan, values)
    return table


def confusion_table(test: Evaluation, seeds: list[int]) -> pd.DataFrame:
    """Long table of the test data: seed, estimated, true (class indices), count."""
    counts = test.confusion_counts()
    seed, estimated, true = np.indices(counts.shape)
    return pd.DataFrame(
        {
            "seed": np.asarray(seeds)[seed.ravel()],
            "estimated": estimated.ravel(),
            "true": true.ravel(),
            "count": counts.ravel(),
        }
    )


def save_predictions(path: str | Path, test: Evaluation, seeds: list[int]) -> None:
    """Write the test data's estimated class (uint8) and true IPD, (networks, samples)."""
    write_arrays(
        path, seed=seeds, estimated_class=test.estimated.astype(np.uint8), ipd_rad=test.ipd_rad
    )


def save_run(
    outputs: Mapping[str, str | Path],
    trained: Trained,
    run: RunParameters,
    seeds: list[int],
    on: Mapping[str, Evaluation],
) -> None:
    """Write every file of a stack; ``outputs``: path by name (weights, history, metrics, ...)."""
    save_weights(outputs["weights"], trained.weights, run, seeds)
    write_table(outputs["history"], history_table(trained, seeds))
    write_table(outputs["metrics"], metrics_table(trained, seeds, on, run.network.model))
    write_table(outputs["confusion"], confusion_table(on["test"], seeds))
    save_predictions(outputs["predictions"], on["test"], seeds)

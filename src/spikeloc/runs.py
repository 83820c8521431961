"""The files of a trained stack: what training writes and what :func:`load_run` gives back.

A folder holds ``weights.safetensors`` (effective signed weights; parameters, seed and number of
each network, and checksum in its metadata), ``history.csv`` (losses by epoch), ``metrics.csv`` (a
row a network), ``confusion.csv`` (counts of estimated and true classes in the test data) and
``predictions.npz``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from pydantic import ValidationError
from torch import Tensor

from spikeloc.errors import InputError, first_problem
from spikeloc.evaluation import Evaluation
from spikeloc.files import RUN_FILES, write_arrays, write_table
from spikeloc.information import information_bits
from spikeloc.members import Member
from spikeloc.network import Activity, Weights, forward, unpack_bits, weight_shapes
from spikeloc.noise import hidden_noise
from spikeloc.parameters import RunParameters
from spikeloc.spikes import SpikeTrains
from spikeloc.training import Trained
from spikeloc.weight_measures import weight_measures
from spikeloc.weights import read_weights, write_weights

BATCH = 64  # samples at a time, unpacked


@dataclass(frozen=True)
class LoadedRun:
    """A trained stack, ready to run."""

    parameters: RunParameters
    members: list[Member]
    weights: Weights

    @property
    def seeds(self) -> list[int]:
        """Each network's seed."""
        return [member.seed for member in self.members]

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
        parts = [self._respond(bits) for bits in torch.split(torch.from_numpy(spikes.bits), BATCH)]
        hidden = [part.hidden_spikes for part in parts if part.hidden_spikes is not None]
        logits = torch.cat([part.logits for part in parts], dim=1)
        return Activity(logits, torch.cat(hidden, dim=1) if hidden else None)

    @torch.no_grad()
    def _respond(self, bits: Tensor) -> Activity:
        batch = unpack_bits(bits, self.parameters.stimulus.inputs)
        stacked = batch.expand(len(self.members), *batch.shape).contiguous()
        noise = hidden_noise(bits[None].expand(len(self.members), *bits.shape), self.parameters)
        return forward(self.weights, stacked, self.parameters, noise)


def load_run(folder: str | Path) -> LoadedRun:
    """The trained networks of a folder under ``results/runs`` (experiment/condition/variant).

    Raises:
        InputError: the weight file is missing, truncated or altered; the message names it.
    """
    path = Path(folder) / RUN_FILES["weights"]
    about, arrays = read_weights(path)
    try:
        parameters = RunParameters.model_validate(about.get("parameters"))
    except ValidationError as error:
        raise InputError(f"{path}: {first_problem(error)}") from None
    seeds, networks = about.get("seeds", []), about.get("networks", [])
    if len(seeds) != len(networks):
        raise InputError(f"{path}: has {len(seeds)} seeds of {len(networks)} networks")
    for name, shape in weight_shapes(parameters.network, parameters.stimulus.inputs).items():
        if name not in arrays or arrays[name].shape != (len(seeds), *shape):
            raise InputError(f"{path}: {name} is not (networks, {shape[0]}, {shape[1]})")
    layers = {name: torch.from_numpy(array) for name, array in arrays.items()}
    members = [Member(*each) for each in zip(seeds, networks, strict=True)]
    return LoadedRun(parameters, members, Weights.of_layers(layers))


def history_table(trained: Trained, members: Sequence[Member]) -> pd.DataFrame:
    """One row per network and epoch (from 0); ``val_loss`` empty without validation."""
    rows = [
        {
            "seed": seed,
            "network": network,
            "epoch": epoch,
            "train_loss": loss,
            "val_loss": each.val_loss[epoch] if epoch < len(each.val_loss) else np.nan,
        }
        for (seed, network), each in zip(members, trained.progress, strict=True)
        for epoch, loss in enumerate(each.train_loss)
    ]
    return pd.DataFrame(rows)


def metrics_table(
    trained: Trained, members: Sequence[Member], on: Mapping[str, Evaluation], model: str
) -> pd.DataFrame:
    """One row a network; ``on``: its evaluation by data set, "validation" only if it validates,
    "start" on test data, before training.

    Losses, accuracies, errors and :func:`weight_measures` are those of the weights kept. A
    diverged network has none.
    """
    table = pd.DataFrame(members, columns=["seed", "network"]).assign(model=model)
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
        "test_information_bits": information_bits(on["test"].confusion_counts()),
        **weight_measures(trained.start, trained.weights),
        "start_rate_hz": on["start"].hidden_rate_hz if "start" in on else np.nan,
    }
    for name, values in measured.items():
        table[name] = np.where(table["diverged"], np.nan, values)
    return table


def confusion_table(test: Evaluation, members: Sequence[Member]) -> pd.DataFrame:
    """Long table of the test data: seed, network, estimated, true (class indices), count."""
    counts = test.confusion_counts()
    row, estimated, true = np.indices(counts.shape)
    seed, network = np.array(members).T
    return pd.DataFrame(
        {
            "seed": seed[row.ravel()],
            "network": network[row.ravel()],
            "estimated": estimated.ravel(),
            "true": true.ravel(),
            "count": counts.ravel(),
        }
    )


def save_predictions(path: str | Path, test: Evaluation, members: Sequence[Member]) -> None:
    """Write the test data's estimated class (uint8) and true IPD, (networks, samples), and a
    regression's estimated IPD."""
    seed, network = np.array(members).T
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
    trained: Trained,
    run: RunParameters,
    members: Sequence[Member],
    on: Mapping[str, Evaluation],
) -> None:
    """Write every file of a stack; ``outputs``: path by name (weights, history, metrics, ...)."""
    layers = {name: layer.cpu().numpy() for name, layer in trained.weights.layers().items()}
    seeds, networks = map(list, zip(*members, strict=True))
    about = {"parameters": run.model_dump(), "seeds": seeds, "networks": networks}
    write_weights(outputs["weights"], layers, about)
    write_table(outputs["history"], history_table(trained, members))
    write_table(outputs["metrics"], metrics_table(trained, members, on, run.network.model))
    write_table(outputs["confusion"], confusion_table(on["test"], members))
    save_predictions(outputs["predictions"], on["test"], members)

"""What the original notebooks printed, as a table to set beside our own (spec section 5)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikeloc.io.errors import InputError

COLUMNS = ["experiment", "condition", "value", "metric"]
COLUMNS += ["printed", "printed_sd", "sessions", "session", "shared", "digitising_error"]

Rows = list[dict[str, Any]]


def read_printed(path: str | Path) -> dict[str, Any]:
    """Read ``resources/printed_results.json``.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        results: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {error}") from None
    return results


def printed_table(results: dict[str, Any]) -> pd.DataFrame:
    """Every printed accuracy, error and loss: one row a value.

    Accuracies in percent, errors in degrees, losses in nats; epochs count from 0. ``sessions``: how
    many runs a value is over; ``session``: which of several it is, from 0; ``shared``: the data
    sets that these runs have in common; ``printed_sd``: over its sessions; ``digitising_error``:
    how far off a value read from a figure may be.
    """
    rows = _baseline(results["baseline_unconstrained"], "free")
    rows += _baseline(results["baseline_dale"], "dale-0.5")
    rows += _dale_ratio(results["dale_ratio"])
    rows += _inhibition_placement(results["inhibition_placement"])
    rows += _envelope_power(results["envelope_power"])
    return pd.DataFrame(rows, columns=COLUMNS)


def printed_losses(results: dict[str, Any]) -> pd.DataFrame:
    """The training loss that the free baseline printed after each epoch: condition, epoch, loss."""
    losses = results["baseline_unconstrained"]["loss_by_epoch"]
    return pd.DataFrame({"condition": "free", "epoch": range(len(losses)), "loss": losses})


def _row(experiment: str, condition: str, metric: str, printed: float, **more: Any) -> Rows:
    default: dict[str, Any] = {"value": np.nan, "printed_sd": np.nan, "sessions": 1, "session": 0}
    default |= {"shared": "", "digitising_error": np.nan}
    about = {"experiment": experiment, "condition": condition, "metric": metric}
    return [about | {"printed": printed} | default | more]


def _baseline(results: dict[str, Any], condition: str) -> Rows:
    metrics = ["train_accuracy", "train_abs_error_deg", "test_accuracy", "test_abs_error_deg"]
    rows: Rows = []
    for metric in metrics:
        if metric in results:
            rows += _row("baseline", condition, metric, results[metric])
    if "loss_by_epoch" in results:
        first, *others, last = results["loss_by_epoch"]
        rows += _row("baseline", condition, "first_epoch_loss", first)
        for epoch, loss in enumerate(others, 1):
            rows += _row("baseline", condition, f"epoch_{epoch}_loss", loss)
        rows += _row("baseline", condition, "last_epoch_loss", last)
    return rows


def _dale_ratio(results: dict[str, Any]) -> Rows:
    rows: Rows = []
    for data in ("train", "test"):
        spread = results.get(f"{data}_accuracy_sd_digitised")
        for i, fraction in enumerate(results["inhibitory_fraction"]):
            rows += _row(
                "dale_ratio",
                f"inhibitory_fraction-{fraction:g}",
                f"{data}_accuracy",
                results[f"{data}_accuracy_mean_digitised"][i],
                value=fraction,
                printed_sd=spread[i] if spread else np.nan,
                sessions=results["sessions"],
                shared="training validation",
                digitising_error=results["digitising_error"],
            )
    return rows


def _inhibition_placement(results: dict[str, Any]) -> Rows:
    names = {"+/-": "both", "W1+": "w1_positive", "W2+": "w2_positive"}
    rows: Rows = []
    for label, accuracies in results["test_accuracy"].items():
        for session, accuracy in enumerate(accuracies):
            rows += _row(
                "inhibition_placement",
                names[label],
                "test_accuracy",
                accuracy,
                session=session,
                shared="training validation test",
            )
    return rows


def _envelope_power(results: dict[str, Any]) -> Rows:
    metrics = ["train_accuracy", "train_abs_error_deg", "test_accuracy", "test_abs_error_deg"]
    metrics += ["first_epoch_loss", "last_epoch_loss"]
    rows: Rows = []
    for metric in metrics:
        for power, printed in zip(results["envelope_power"], results[metric], strict=True):
            condition = f"envelope_power-{power:g}"
            rows += _row("envelope_power", condition, metric, printed, value=power)
    return rows

"""The metrics of a trained network, each declared once.

The columns of ``runs.csv``, the rows of ``summary.csv`` and ``comparisons.csv``, the metrics that a
file of printed values may name, the labels of axes and ``docs/tables.md`` are all taken from
:data:`METRICS`. A new metric is one more entry at its end.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from spikeloc.metrics.information import information_bits
from spikeloc.metrics.weight_measures import next_to_zero_percent, spectral_entropy

Floats = npt.NDArray[np.float64]
HIDDEN = "networks with hidden units"


class Scores(Protocol):
    """What metrics need of :class:`spikeloc.metrics.evaluation.Evaluation`; not imported, since
    figures need the metrics but not torch. All arrays are (networks,), except for
    ``confusion_counts`` (networks, estimated, true): numbers of samples, 0 for absent classes."""

    @property
    def loss(self) -> Floats: ...
    @property
    def hidden_rate_hz(self) -> Floats: ...
    def accuracy(self) -> Floats: ...
    def abs_error_deg(self) -> Floats: ...
    def class_error_deg(self) -> Floats: ...
    def confusion_counts(self) -> npt.NDArray[np.int64]: ...


@dataclass(frozen=True)
class Measured:
    """What metrics are computed from.

    ``scores``: of the weights that were kept, on "training" and "test" data, on "validation" data
    where networks are validated, and, under "start", of the initial weights on test data.
    ``weights``: the signed matrices (networks, rows, columns) of the layers "w1" and "w2" that
    there are, "start" and "kept".
    """

    scores: Mapping[str, Scores]
    weights: Mapping[str, Mapping[str, Floats]]


@dataclass(frozen=True)
class Metric:
    """One number that is known of each network.

    ``name`` is its column, ``label`` that of an axis, ``decimals`` how it is printed. ``compute``
    gives one value for each network; where there is none, training itself gives the values.
    ``known_of``: which networks have it; the others' cells are empty. ``higher_is_better``: None if
    neither is.
    """

    name: str
    meaning: str
    label: str
    unit: str
    decimals: int = 1
    compute: Callable[[Measured], npt.ArrayLike] | None = None
    known_of: str = "all networks"
    higher_is_better: bool | None = None
    whole: bool = False

    @property
    def highest(self) -> float:
        """The largest value that is possible."""
        return 100.0 if self.unit == "%" else math.inf


def _rate_hz(measured: Measured, data: str) -> npt.ArrayLike:
    return measured.scores[data].hidden_rate_hz if data in measured.scores else np.nan


def _of_layer(
    measured: Measured, when: str, layer: str, compute: Callable[[Floats], Floats]
) -> npt.ArrayLike:
    matrix = measured.weights[when].get(layer)
    return np.nan if matrix is None else compute(matrix)


METRICS: tuple[Metric, ...] = (
    Metric(
        "epochs",
        "epochs that were trained",
        "Epochs",
        "",
        whole=True,
    ),
    Metric(
        "best_epoch",
        "epoch, from 0, with the lowest validation loss",
        "Best epoch (from 0)",
        "",
        known_of="networks that are validated after each epoch",
        whole=True,
    ),
    Metric(
        "train_loss",
        "mean loss on training data",
        "Training loss (nats)",
        "nats",
        3,
        lambda measured: measured.scores["training"].loss,
        higher_is_better=False,
    ),
    Metric(
        "val_loss",
        "mean loss on validation data",
        "Validation loss (nats)",
        "nats",
        3,
        lambda measured: (
            measured.scores["validation"].loss if "validation" in measured.scores else np.nan
        ),
        "networks that are validated after each epoch",
        higher_is_better=False,
    ),
    Metric(
        "train_accuracy",
        "share of training stimuli whose class is right",
        "Training accuracy (%)",
        "%",
        1,
        lambda measured: measured.scores["training"].accuracy(),
        higher_is_better=True,
    ),
    Metric(
        "test_accuracy",
        "share of test stimuli whose class is right",
        "Test accuracy (%)",
        "%",
        1,
        lambda measured: measured.scores["test"].accuracy(),
        higher_is_better=True,
    ),
    Metric(
        "train_abs_error_deg",
        "mean distance of the true IPD from the estimate, on training data",
        "Training absolute error (°)",
        "degrees",
        1,
        lambda measured: measured.scores["training"].abs_error_deg(),
        higher_is_better=False,
    ),
    Metric(
        "test_abs_error_deg",
        "mean distance of the true IPD from the estimate, on test data",
        "Test absolute error (°)",
        "degrees",
        1,
        lambda measured: measured.scores["test"].abs_error_deg(),
        higher_is_better=False,
    ),
    Metric(
        "test_class_error_deg",
        "mean distance of the midpoints of true and estimated class, on test data",
        "Test error between classes (°)",
        "degrees",
        1,
        lambda measured: measured.scores["test"].class_error_deg(),
        higher_is_better=False,
    ),
    Metric(
        "hidden_rate_hz",
        "mean firing rate of the hidden units, on test data",
        "Hidden rate (sp/s)",
        "spikes/s",
        1,
        lambda measured: _rate_hz(measured, "test"),
        HIDDEN,
    ),
    Metric(
        "test_information_bits",
        "mutual information of true and estimated class, corrected for its bias, on test data",
        "Test information (bits)",
        "bits",
        2,
        lambda measured: information_bits(measured.scores["test"].confusion_counts()),
        higher_is_better=True,
    ),
    Metric(
        "w1_dead_percent",
        "share of the weights of W1 whose magnitude is below 0.001",
        "W1 next to zero (%)",
        "%",
        1,
        lambda measured: _of_layer(measured, "kept", "w1", next_to_zero_percent),
    ),
    Metric(
        "w2_dead_percent",
        "share of the weights of W2 whose magnitude is below 0.001",
        "W2 next to zero (%)",
        "%",
        1,
        lambda measured: _of_layer(measured, "kept", "w2", next_to_zero_percent),
        HIDDEN,
    ),
    Metric(
        "w1_entropy_start",
        "spectral entropy of W1 before training",
        "Spectral entropy of W1, start",
        "",
        3,
        lambda measured: _of_layer(measured, "start", "w1", spectral_entropy),
    ),
    Metric(
        "w2_entropy_start",
        "spectral entropy of W2 before training",
        "Spectral entropy of W2, start",
        "",
        3,
        lambda measured: _of_layer(measured, "start", "w2", spectral_entropy),
        HIDDEN,
    ),
    Metric(
        "w1_entropy",
        "spectral entropy of W1 after training",
        "Spectral entropy of W1",
        "",
        3,
        lambda measured: _of_layer(measured, "kept", "w1", spectral_entropy),
    ),
    Metric(
        "w2_entropy",
        "spectral entropy of W2 after training",
        "Spectral entropy of W2",
        "",
        3,
        lambda measured: _of_layer(measured, "kept", "w2", spectral_entropy),
        HIDDEN,
    ),
    Metric(
        "start_rate_hz",
        "mean firing rate of the hidden units before training, on test data",
        "Hidden rate at the start (sp/s)",
        "spikes/s",
        1,
        lambda measured: _rate_hz(measured, "start"),
        HIDDEN,
    ),
)

# The order of the rows of summary.csv: these come first, the others as they are declared.
FIRST_SUMMARISED = (
    "train_accuracy",
    "test_accuracy",
    "train_abs_error_deg",
    "test_abs_error_deg",
    "test_class_error_deg",
    "train_loss",
    "val_loss",
    "hidden_rate_hz",
    "epochs",
    "test_information_bits",
    "best_epoch",
)


def metric(name: str) -> Metric | None:
    """The metric of this name, if one is declared."""
    return next((each for each in METRICS if each.name == name), None)


def label(name: str) -> str:
    """What an axis of this metric says."""
    return next(each.label for each in METRICS if each.name == name)


def metric_names() -> list[str]:
    """All metrics, in the order of the rows of ``summary.csv``."""
    return [*FIRST_SUMMARISED, *(m.name for m in METRICS if m.name not in FIRST_SUMMARISED)]

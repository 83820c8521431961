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
EVERY = "all networks"
HIDDEN = "networks with hidden units"
OTHER_LOSSES = " (rad² for an angle, no unit for a point on the circle)"
VALIDATED = "networks that are validated after each epoch"


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
    ``known_of``: which networks have it; the others' cells are empty.
    """

    name: str
    meaning: str
    label: str
    unit: str
    decimals: int = 1
    compute: Callable[[Measured], npt.ArrayLike] | None = None
    known_of: str = EVERY
    whole: bool = False

    @property
    def highest(self) -> float:
        """The largest value that is possible."""
        return {"%": 100.0, "degrees": 180.0}.get(self.unit, math.inf)


def _rate_hz(measured: Measured, data: str) -> npt.ArrayLike:
    return measured.scores[data].hidden_rate_hz if data in measured.scores else np.nan


def _of_layers(
    measure: str, meaning: str, label: str, unit: str, decimals: int, when: str,
    compute: Callable[[Floats], Floats],
) -> list[Metric]:  # fmt: skip
    """A metric of each weight matrix; ``{}`` stands for its name."""

    def of(layer: str) -> Callable[[Measured], npt.ArrayLike]:
        return lambda on: compute(on.weights[when][layer]) if layer in on.weights[when] else np.nan

    return [
        Metric(
            f"{layer}_{measure}", meaning.format(layer.upper()), label.format(layer.upper()), unit,
            decimals, of(layer), known_of,
        )
        for layer, known_of in (("w1", EVERY), ("w2", HIDDEN))
    ]  # fmt: skip


METRICS: tuple[Metric, ...] = (
    Metric("epochs", "epochs that were trained", "Epochs", "", whole=True),
    Metric(
        "best_epoch", "epoch, from 0, with the lowest validation loss", "Best epoch (from 0)", "",
        known_of=VALIDATED, whole=True,
    ),
    Metric(
        "train_loss", "mean loss on training data" + OTHER_LOSSES,
        "Training loss (nats)", "nats", 3,
        lambda on: on.scores["training"].loss,
    ),
    Metric(
        "val_loss", "mean loss on validation data" + OTHER_LOSSES,
        "Validation loss (nats)", "nats", 3,
        lambda on: on.scores["validation"].loss if "validation" in on.scores else np.nan,
        VALIDATED,
    ),
    Metric(
        "train_accuracy", "share of training stimuli whose class is right",
        "Training accuracy (%)", "%", 1, lambda on: on.scores["training"].accuracy(),
    ),
    Metric(
        "test_accuracy", "share of test stimuli whose class is right",
        "Test accuracy (%)", "%", 1, lambda on: on.scores["test"].accuracy(),
    ),
    Metric(
        "train_abs_error_deg", "mean distance of the true IPD from the estimate, on training data",
        "Training absolute error (°)", "degrees", 1,
        lambda on: on.scores["training"].abs_error_deg(),
    ),
    Metric(
        "test_abs_error_deg", "mean distance of the true IPD from the estimate, on test data",
        "Test absolute error (°)", "degrees", 1, lambda on: on.scores["test"].abs_error_deg(),
    ),
    Metric(
        "test_class_error_deg",
        "mean distance of the midpoints of true and estimated class, on test data",
        "Test error between classes (°)", "degrees", 1,
        lambda on: on.scores["test"].class_error_deg(),
    ),
    Metric(
        "hidden_rate_hz", "mean firing rate of the hidden units, on test data",
        "Hidden rate (sp/s)", "spikes/s", 1, lambda on: _rate_hz(on, "test"), HIDDEN,
    ),
    Metric(
        "test_information_bits",
        "mutual information of true and estimated class, corrected for its bias, on test data",
        "Test information (bits)", "bits", 2,
        lambda on: information_bits(on.scores["test"].confusion_counts()),
    ),
    *_of_layers(
        "dead_percent", "share of the weights of {} whose magnitude is below 0.001",
        "{} next to zero (%)", "%", 1, "kept", next_to_zero_percent,
    ),
    *_of_layers(
        "entropy_start", "spectral entropy of {} before training",
        "Spectral entropy of {}, start", "", 3, "start", spectral_entropy,
    ),
    *_of_layers(
        "entropy", "spectral entropy of {} after training",
        "Spectral entropy of {}", "", 3, "kept", spectral_entropy,
    ),
    Metric(
        "start_rate_hz", "mean firing rate of the hidden units before training, on test data",
        "Hidden rate at the start (sp/s)", "spikes/s", 1, lambda on: _rate_hz(on, "start"), HIDDEN,
    ),
)  # fmt: skip

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

# Those that one evaluation on test data gives: the columns of tests.csv.
ON_TEST_DATA = (
    "test_accuracy",
    "test_abs_error_deg",
    "test_class_error_deg",
    "hidden_rate_hz",
    "test_information_bits",
)


def of_test_data(scores: Scores) -> dict[str, Floats]:
    """These metrics of one evaluation, each (networks,)."""
    measured = Measured({"test": scores}, {})
    return {
        each.name: np.asarray(each.compute(measured))
        for each in METRICS
        if each.name in ON_TEST_DATA and each.compute is not None
    }


def metric(name: str) -> Metric | None:
    """The metric of this name, if one is declared."""
    return next((each for each in METRICS if each.name == name), None)


def label(name: str) -> str:
    """What an axis of this metric says."""
    return next(each.label for each in METRICS if each.name == name)


def metric_names() -> list[str]:
    """All metrics, in the order of the rows of ``summary.csv``."""
    return [*FIRST_SUMMARISED, *(m.name for m in METRICS if m.name not in FIRST_SUMMARISED)]

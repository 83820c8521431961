"""How good the ideal observer is, with intervals, and the bound on its error
(docs/model.md, "Ideal observer")."""

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest, norm

from spikeloc.config.parameters import Backend, StimulusParameters
from spikeloc.decoders.fisher import cramer_rao_deg
from spikeloc.decoders.ideal_observer import Estimates, estimate, observed_data
from spikeloc.metrics import scores
from spikeloc.metrics.confusion import confusion_counts
from spikeloc.metrics.information import information_bits, information_error_bits
from spikeloc.stimulus.classes import ipd_class
from spikeloc.stimulus.generator import Floats

LEVEL = 0.95


def observer_table(
    stimulus: StimulusParameters, classes: int, samples: int, seed: int, backend: Backend = "auto"
) -> pd.DataFrame:
    """Two rows for one stimulus: with the starting phase known, and unknown.

    ``accuracy`` in percent with its Wilson interval; the networks' two errors, ``abs_error_deg``
    with a normal interval of the mean; ``rmse_deg`` and mean absolute ``angle_error_deg`` of the
    posterior median; ``crb_deg``, the Cramer-Rao bound of an sd, empty without information; the
    information of estimated and true class in bits, with a normal interval. All are 95 %.
    ``expected_accuracy`` is the mean posterior probability of the answers in percent: the same
    quantity as ``accuracy`` if the posterior is right, with about half of its sampling error.
    """
    data = observed_data(stimulus, seed, samples, backend)
    last = stimulus.model_dump(exclude={"phase"}) | {"classes": classes}
    first = {name: last.pop(name) for name in ("envelope_power", "rate_max_hz")}
    rows = []
    for known, estimates in estimate(stimulus, data, classes, seed).items():
        bound = cramer_rao_deg(stimulus, known, seed)
        usual, more = _scored(estimates, data.trials.ipd_rad, classes)
        usual |= {"crb_deg": bound if math.isfinite(bound) else np.nan, "samples": samples}
        rows.append(first | {"phase_known": known} | usual | more | last)
    return pd.DataFrame(rows)


def _scored(
    estimates: Estimates, ipd_rad: Floats, classes: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    true, estimated = ipd_class(ipd_rad, classes), estimates.estimated
    right = binomtest(int(np.sum(true == estimated)), len(true))
    interval = right.proportion_ci(LEVEL, method="wilson")
    distance = scores.abs_error_deg(ipd_rad, estimated, classes)
    angle_error = np.degrees(np.abs(estimates.ipd_rad - ipd_rad))
    counts = confusion_counts(estimated[None], true[None], classes)[0]
    usual = {
        "accuracy": 100 * right.statistic,
        "accuracy_low": 100 * interval.low,
        "accuracy_high": 100 * interval.high,
        "abs_error_deg": np.mean(distance),
        "class_error_deg": np.mean(scores.class_error_deg(true, estimated, classes)),
        "rmse_deg": np.sqrt(np.mean(angle_error**2)),
    }
    error = np.std(distance, ddof=1) / math.sqrt(len(distance))
    more = _interval("abs_error", "deg", usual["abs_error_deg"], error)
    more |= {"angle_error_deg": np.mean(angle_error)}
    bits = information_bits(counts)
    more |= {"information_bits": bits}
    more |= _interval("information", "bits", bits, information_error_bits(counts))
    more |= {"expected_accuracy": 100 * np.mean(estimates.certainty)}
    return usual, more


def _interval(name: str, unit: str, mean: Any, error: Any) -> dict[str, Any]:
    half = norm.ppf((1 + LEVEL) / 2) * error
    return {f"{name}_low_{unit}": mean - half, f"{name}_high_{unit}": mean + half}

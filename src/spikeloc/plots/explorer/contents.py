"""The data of the page: what is read from tables and weights, as plain data for JSON."""

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from spikeloc.config.run_names import RUN_KEY, run_path
from spikeloc.io.errors import InputError
from spikeloc.io.randomness import purpose_key
from spikeloc.io.weight_files import read_weights
from spikeloc.metrics import declared

DIGITS = 6  # of every number of a table
# What the ideal observer has in its table for a metric: the value and its interval.
OBSERVER = {
    "test_accuracy": ("accuracy", "accuracy_low", "accuracy_high"),
    "test_abs_error_deg": ("abs_error_deg", "abs_error_low_deg", "abs_error_high_deg"),
    "test_class_error_deg": ("class_error_deg", None, None),
    "test_information_bits": (
        "information_bits",
        "information_low_bits",
        "information_high_bits",
    ),
}
# Streams of random numbers: of a network's test stimuli, and of those that users make.
STREAMS = {"test": ("ipd", "phase", "spikes"), "explorer": ("ipd", "phase", "spikes", "noise")}

Tables = Mapping[str, pd.DataFrame]
Arrays = dict[str, npt.NDArray[np.float32]]


def collect_networks(files: Mapping[str, str]) -> Arrays:
    """The weights of single networks out of the files of ensembles.

    Args:
        files: for each network, by its key in the page (which ends with its seed), the file.

    Returns:
        "<key>.w1" (inputs, hidden) and "<key>.w2" (hidden, outputs) of each network that did not
        diverge.

    Raises:
        InputError: a file is missing or damaged.
    """
    arrays: Arrays = {}
    read = {path: read_weights(path) for path in dict.fromkeys(files.values())}
    for key, path in files.items():
        metadata, layers = read[path]
        ids = list(zip(metadata["seeds"], metadata["networks"], strict=True))
        place = ids.index((int(key.rsplit("-", 1)[1]), 1))
        if place not in metadata.get("not_finite", []):
            arrays |= {f"{key}.{name}": layers[name][place] for name in ("w1", "w2")}
    return arrays


def contents(
    settings: Mapping[str, Any],
    tables: Tables,
    networks: Arrays,
    origin: Mapping[str, Any],
    commit: str,
) -> dict[str, Any]:
    """All that the page shows.

    Args:
        settings: see :func:`spikeloc.plots.explorer.settings.settings`.
        tables: ``runs``, ``summary``, ``comparisons``, ``printed``, ``ceiling`` of all experiments,
            and ``tuning`` if networks were analysed.
        networks: see :func:`collect_networks`.
        origin: content of ``origin.json``.
        commit: the commit of the sources, in words.

    Raises:
        InputError: there are no networks to embed, because all of them diverged.
    """
    runs = _runs(settings, tables)
    found = {key: each for key, each in settings["networks"].items() if f"{key}.w1" in networks}
    for run in runs:
        own = settings["runs"].get(run_path(run), {})
        run["embedded"] = {seed: key for seed, key in own.items() if key in found}
    if not found:
        raise InputError("explorer: all networks that the page should hold have diverged")
    known = {name for run in runs for name in run["summary"]}
    return {
        "origin": {
            "config": settings["config"],
            "commit": commit,
            "version": f"{origin['version']}, sources {origin['sources_sha256'][:16]}",
            "config hash": origin["config_sha256"][:16],
            "seeds": ", ".join(map(str, settings["seeds"])),
            "networks": f"{len(tables['runs'])} trained in {len(runs)} runs, {len(found)} of them "
            "on this page",
            **{f"variant {name}": text for name, text in settings["variants"].items()},
        },
        "chance": settings["chance"],
        "metrics": [
            {"name": each.name, "label": each.label, "unit": each.unit,
             "decimals": 0 if each.whole else each.decimals, "meaning": each.meaning}
            for each in map(declared.metric, declared.metric_names())
            if each is not None and each.name in known
        ],
        "experiments": [
            each for each in settings["experiments"]
            if any(run["experiment"] == each["name"] for run in runs)
        ],
        "runs": runs,
        "networks": {key: _network(told, key, networks) for key, told in found.items()},
        "streams": {
            name: {kind: f"{purpose_key(f'{name}/{kind}'):016x}" for kind in kinds}
            for name, kinds in STREAMS.items()
        },
    }  # fmt: skip


def _network(told: Mapping[str, Any], key: str, networks: Arrays) -> dict[str, Any]:
    w1, w2 = networks[f"{key}.w1"], networks[f"{key}.w2"]
    step = told["stimulus"]["time_step_ms"]
    return {
        **{name: each for name, each in told.items() if not name.lower().endswith("taums")},
        "alpha": math.exp(-step / told["tauMs"]),
        "readoutAlpha": math.exp(-step / told["readoutTauMs"]),
        "shape": [*w1.shape, w2.shape[1]],
        "w1": _base64(w1),
        "w2": _base64(w2),
    }


def _base64(weights: npt.NDArray[np.float32]) -> str:
    return base64.b64encode(weights.astype("<f4").tobytes()).decode()


def _runs(settings: Mapping[str, Any], tables: Tables) -> list[dict[str, Any]]:
    """The results of each run, in the order of ``runs.csv``."""
    frame = tables["runs"]
    names = [name for name in declared.metric_names() if name in frame]
    by_run = {
        name: dict(list(tables[name].groupby(RUN_KEY, sort=False)))
        for name in ("summary", "comparisons", "printed", "ceiling", "tuning")
        if name in tables
    }
    made = []
    for key, own in frame.groupby(RUN_KEY, sort=False):
        first = own.iloc[0]
        place = settings["places"].get(first["experiment"], {}).get(first["condition"])
        of_run = {name: groups.get(key) for name, groups in by_run.items()}
        made.append({
            **{name: first[name] for name in (*RUN_KEY, "label")},
            "value": _short(first["value"]),
            **({"place": place} if place else {}),
            "seeds": own["seed"].astype(str).tolist(),
            "networks": own["network"].tolist(),
            "values": {
                name: [_short(each) for each in own[name]]
                for name in names if own[name].notna().any()
            },
            "summary": _by_metric(of_run["summary"], "mean", "ci95_low", "ci95_high"),
            "differences": _by_metric(
                of_run["comparisons"], "mean", "ci95_low", "ci95_high", "p_holm"
            ),
            "printed": {} if of_run["printed"] is None else {
                name: [_short(each) for each in rows["printed"]]
                for name, rows in of_run["printed"].groupby("metric", sort=False) if name in names
            },
            "observer": _observer(of_run["ceiling"]),
            "tuning": _tuning(of_run.get("tuning")),
        })  # fmt: skip
    return made


def _by_metric(rows: pd.DataFrame | None, *columns: str) -> dict[str, list[float | None]]:
    """n and these columns of each metric that has a mean."""
    if rows is None:
        return {}
    return {
        row["metric"]: [row["n"], *(_short(row[name]) for name in columns)]
        for row in rows.to_dict("records")
        if not math.isnan(row["mean"])
    }


def _observer(rows: pd.DataFrame | None) -> dict[str, list[float | None]]:
    if rows is None:
        return {}
    row = rows.iloc[0]
    return {
        name: [None if column is None else _short(row[column]) for column in columns]
        for name, columns in OBSERVER.items()
    }


def _tuning(rows: pd.DataFrame | None) -> dict[str, list[float | None]]:
    """The share of each kind of hidden units, percent."""
    if rows is None:
        return {}
    return {
        row["kind"]: [_short(row[name]) for name in ("percent", "ci95_low", "ci95_high")]
        for row in rows[rows["layer"] == "hidden"].to_dict("records")
    }


def _short(value: float) -> float | None:
    """A number with few digits; None for none."""
    number = float(f"{value:.{DIGITS}g}")
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number

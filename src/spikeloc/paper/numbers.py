"""All numbers of the paper, formatted once, so that the text only has to look them up."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from spikeloc.config.run_names import RUN_KEY
from spikeloc.io.errors import InputError
from spikeloc.metrics import declared
from spikeloc.statistics import declared_tables
from spikeloc.statistics.seed_counts import SIGNIFICANCE, is_significant
from spikeloc.statistics.tables import run_paths

STATISTICS = ["mean", "sd", "ci95_low", "ci95_high", "median", "min", "max"]

Leaf = Callable[[Mapping[str, Any]], dict[str, str]]


def text(value: float, decimals: int) -> str:
    """A number with fixed decimals, or an en dash if it is not finite, like the sd of one run."""
    return f"{value:z.{decimals}f}" if math.isfinite(value) else "–"


def p_text(p: float) -> str:
    """A p value with three decimals, or two from 0.1 on; below 0.001, the text "< 0.001".

    Exact p values of few seeds lie in the middle between two decimals (1/16 = 0.0625), which are
    rounded up.
    """
    if not math.isfinite(p):
        return text(p, 3)
    if p < 0.001:
        return "< 0.001"
    places = Decimal("0.001" if p < 0.1 else "0.01")
    return str(Decimal(p).quantize(places, ROUND_HALF_UP))


def decimals_of(name: str) -> int:
    """How many decimals a metric or a score of the ideal observer is printed with."""
    metric = declared.metric("train_loss" if name.endswith("_loss") else name)
    if metric is not None:
        return metric.decimals
    return 2 if name.endswith("_bits") else 1


def paper_numbers(
    tables: Mapping[str, pd.DataFrame],
    trained_from: Mapping[str, Sequence[str]],
    counted: Mapping[str, Sequence[str]],
    stimulus: Mapping[str, float],
) -> dict[str, Any]:
    """All numbers and labels that the paper prints, as strings.

    Args:
        tables: the tables of ``results/tables`` by name; some may be missing.
        trained_from: for each run, by its path (experiment/condition/variant): a name for each
            network of a seed. Networks with the same name and seed are identical and count once.
        counted: the experiments whose networks each document counts, by the document's name.
        stimulus: the config's common stimulus, and ``classes``, the number of IPD classes.

    Returns:
        ``results`` and ``comparisons``, both
        ``.<experiment>.<condition>.<variant>.<metric>.<statistic>``, and for comparisons also
        ``p``, ``p_holm``, ``effect_size``, ``told_apart`` and ``can_reject``; ``shares``,
        ``phase_variance`` and ``phase_curve.….<offset>`` by run; from the analysis of trained
        networks ``tuning.….<layer>.<kind>``, ``binaural``, ``unit_statistics``,
        ``timing.….<control>``, ``evidence_trough`` and
        ``ipd_errors.….<true>``; ``observer.<rate>.<power>.known`` and ``.unknown``, of stimuli that
        are otherwise the common one;
        ``printed`` and ``reproduction``, both ``.<experiment>.<condition>.<metric>``, the latter
        without values that have several intervals, one for each session;
        ``reproduction_summary.<experiment>.<metric>``; ``convergence`` by run;
        ``tests.….<test>.<tested>.<metric>``;
        ``hand_built.<power>.<variant>.<metric>``; ``claims.<name>``;
        ``labels.<experiment>.<condition>``, ``references.<experiment>``; for each document the
        counts ``documents.<name>.networks``, ``.diverged`` and ``.seeds``; and numbers that follow
        from the number of classes.

    Raises:
        InputError: two rows of a table would have the same place.
    """
    runs, comparisons, classes = tables["runs"], tables["comparisons"], stimulus["classes"]
    width = 180 / classes
    made = {
        "results": tree(tables["summary"], [*RUN_KEY, "metric"], _summary_leaf),
        "comparisons": tree(comparisons, [*RUN_KEY, "metric"], _comparison_leaf),
        "references": dict(zip(comparisons["experiment"], comparisons["reference"], strict=True)),
        "labels": _labels(runs),
        "printed": _printed(tables["printed"]),
        "significance": f"{SIGNIFICANCE:g}",
        "chance": text(100 / classes, 1),
        "class_width_deg": f"{width:.4g}",
        "error_floor_deg": f"{width / 4:.4g}",
        "documents": {
            name: _counts(runs[runs["experiment"].isin(experiments)], trained_from)
            for name, experiments in counted.items()
        },
    }
    if "ideal_observer" in tables:
        tables = {**tables, "ideal_observer": _usual(tables["ideal_observer"], stimulus)}
    if "reproduction" in tables:
        keys = TREES["reproduction"][1]
        alone = tables["reproduction"].drop_duplicates(keys, keep=False)
        tables = {**tables, "reproduction": alone}
    for name, (source, keys, leaf) in TREES.items():
        if source in tables:
            made[name] = tree(tables[source], keys, leaf)
    return made


def _counts(runs: pd.DataFrame, trained_from: Mapping[str, Sequence[str]]) -> dict[str, str]:
    paths = zip(run_paths(runs), runs["network"], strict=True)
    names = [trained_from[path][network - 1] for path, network in paths]
    trained = runs.assign(name=names).drop_duplicates(["name", "seed"])
    return {
        "networks": str(len(trained)),
        "diverged": str(int(trained["diverged"].sum())),
        "seeds": str(runs["seed"].nunique()),
    }


def _usual(observer: pd.DataFrame, stimulus: Mapping[str, float]) -> pd.DataFrame:
    """The observers of stimuli that differ from the common one in rate and power only."""
    same = [name for name in stimulus if name not in ("rate_max_hz", "envelope_power")]
    usual = declared_tables.table("ideal_observer").names
    unusual = [name for name in observer if name not in usual and name not in same]
    return observer[
        (observer[same] == [stimulus[name] for name in same]).all(axis=1)
        & observer[unusual].isna().all(axis=1)
    ]


def tree(table: pd.DataFrame, keys: Sequence[str], leaf: Leaf) -> dict[str, Any]:
    """The rows of a table as nested mappings by ``keys``, with ``leaf`` of the row at the end.

    Raises:
        InputError: two rows would have the same place.
    """
    made: dict[str, Any] = {}
    for row in table.to_dict("records"):
        branch = made
        for key in keys:
            branch = branch.setdefault(_key(row[key]), {})
        own = leaf({str(name): value for name, value in row.items()})
        if branch.keys() & own.keys():
            place = ", ".join(f"{key} {_key(row[key])}" for key in keys)
            raise InputError(f"numbers: two rows of one table have {place}")
        branch.update(own)
    return made


def _key(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _summary_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    decimals = decimals_of(str(row.get("metric", "")))
    return {name: text(row[name], decimals) for name in STATISTICS} | {"n": str(row["n"])}


def _comparison_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    tests = {name: p_text(row[name]) for name in ("p", "p_holm")}
    tests["told_apart"] = "yes" if is_significant(row["p_holm"]) else "no"
    tests["can_reject"] = "yes" if row["can_reject"] else "no"
    return _summary_leaf(row) | tests | {"effect_size": text(row["effect_size"], 2)}


def _formatted(row: Mapping[str, Any], names: Sequence[str], scale: float = 1) -> dict[str, str]:
    return {name: text(row[name] * scale, decimals_of(name)) for name in names}


def _share_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    ends = ("percent", "low", "high")
    names = [f"{kind}_share_{end}" for kind in ("accuracy", "information") for end in ends]
    return _formatted(row, names) | {"n": str(row["n"])}


def _phase_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    points = ["mean", "min", "max", "sd_network", "sd_phase", "sd_session"]
    shares = ["phase_share", "phase_share_low", "phase_share_high"]
    return _formatted(row, points) | _formatted(row, shares, scale=100)


def _tuning_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    names = ["percent", "sd", "ci95_low", "ci95_high", "median_width_deg", "median_height"]
    counts = {name: str(row[name]) for name in ("units", "of", "n")}
    return _formatted(row, names) | counts


def _observer_leaf(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ["accuracy", "accuracy_low", "accuracy_high", "abs_error_deg", "class_error_deg"]
    names += ["angle_error_deg", "rmse_deg", "crb_deg", "abs_error_low_deg", "abs_error_high_deg"]
    names += ["information_bits", "information_low_bits", "information_high_bits"]
    leaf = _formatted(row, names) | {"samples": str(row["samples"])}
    return {"known" if row["phase_known"] else "unknown": leaf}


def _reproduction_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    decimals = decimals_of(str(row["metric"]))
    names = ["printed", "mean", "sd", "interval_low", "interval_high", "width"]
    formatted = {name: text(row[name], decimals) for name in names}
    verdict = "no interval" if pd.isna(row["inside"]) else "inside" if row["inside"] else "outside"
    counts = {"n": str(row["n"]), "sessions": str(row["printed_sessions"])}
    return formatted | counts | {"label": str(row["label"]), "place": verdict}


def _reproduced_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    counts = {name: str(row[name]) for name in ("values", "intervals", "inside_count")}
    width = text(row["median_width"], decimals_of(str(row["metric"])))
    percent = {"inside_percent": text(row["inside_percent"], 0)}
    return counts | percent | {"own_inside": text(row["own_inside"], 1), "median_width": width}


def _rate_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    chosen = "yes" if row["chosen"] else "no"
    return {"val_loss": text(row["val_loss"], decimals_of("val_loss")), "chosen": chosen}


def _convergence_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    names = [f"{kind}{end}" for kind in ("accuracy", "gain") for end in ("", "_low", "_high")]
    counts = {name: str(row[name]) for name in ("epochs", "n")}
    flags = {name: "yes" if row[name] else "no" for name in ("converged", "cap_reached")}
    return _formatted(row, names) | counts | flags


def _claim_leaf(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(row[name]) for name in ("source", "statement", "outcome", "decision", "evidence")
    }


# Name in the paper: (table, its key columns, the function that formats a row).
TREES: dict[str, tuple[str, list[str], Leaf]] = {
    "observer": ("ideal_observer", ["rate_max_hz", "envelope_power"], _observer_leaf),
    "shares": ("efficiency", RUN_KEY, _share_leaf),
    "phase_variance": ("phase_variance", RUN_KEY, _phase_leaf),
    "phase_curve": ("phase_curve", [*RUN_KEY, "offset_cycles", "metric"], _summary_leaf),
    "tuning": ("tuning", [*RUN_KEY, "layer", "kind"], _tuning_leaf),
    "binaural": ("binaural", [*RUN_KEY, "metric"], _summary_leaf),
    "unit_statistics": ("unit_statistics", [*RUN_KEY, "metric"], _summary_leaf),
    "timing": ("timing", [*RUN_KEY, "control"], _summary_leaf),
    "evidence_trough": ("evidence_trough", [*RUN_KEY, "metric"], _summary_leaf),
    "ipd_errors": ("ipd_errors", [*RUN_KEY, "true_ipd_deg", "metric"], _summary_leaf),
    "reproduction": ("reproduction", ["experiment", "condition", "metric"], _reproduction_leaf),
    "reproduction_summary": ("reproduction_summary", ["experiment", "metric"], _reproduced_leaf),
    "hand_built": ("coincidence_summary", ["envelope_power", "variant", "metric"], _summary_leaf),
    "tests": ("tests_summary", [*RUN_KEY, "test", "tested", "metric"], _summary_leaf),
    "learning_rates": ("learning_rates", [*RUN_KEY, "learning_rate"], _rate_leaf),
    "convergence": ("convergence", RUN_KEY, _convergence_leaf),
    "claims": ("claims", ["claim"], _claim_leaf),
}


def _labels(runs: pd.DataFrame) -> dict[str, Any]:
    return {
        str(experiment): dict(zip(rows["condition"], rows["label"], strict=True))
        for experiment, rows in runs.groupby("experiment", sort=False)
    }


def _printed(printed: pd.DataFrame) -> dict[str, Any]:
    made: dict[str, Any] = {}
    groups = printed.groupby(["experiment", "condition", "metric"], sort=False)
    for (experiment, condition, metric), group in groups:
        values, decimals = group["printed"], decimals_of(metric)
        leaf = {
            "mean": text(values.mean(), decimals),
            "min": text(values.min(), decimals),
            "max": text(values.max(), decimals),
            "values": ", ".join(text(value, decimals) for value in values),
            "sessions": str(group["sessions"].sum()),
        }
        made.setdefault(experiment, {}).setdefault(condition, {})[metric] = leaf
    return made

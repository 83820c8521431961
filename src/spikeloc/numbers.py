"""The paper's numbers: every one of them formatted here, once, so that the text only looks up."""

import math
from typing import Any

import pandas as pd

STATISTICS = ["mean", "sd", "ci95_low", "ci95_high", "median", "min", "max"]
DECIMALS = {"train_loss": 3, "val_loss": 3, "test_information_bits": 2}


def text(value: float, decimals: int) -> str:
    """A number with a fixed count of decimals; an en dash if there is none (no sd of one run)."""
    return f"{value:z.{decimals}f}" if math.isfinite(value) else "–"


def p_text(p: float) -> str:
    """A p value: three decimals, two from 0.1 on; below 0.001 only that it is."""
    if p < 0.001:
        return "< 0.001"
    return text(p, 3 if p < 0.1 else 2)


def paper_numbers(
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    comparisons: pd.DataFrame,
    printed: pd.DataFrame,
    distinct: list[str],
    classes: int,
) -> dict[str, Any]:
    """All that the paper prints, as strings.

    Args:
        runs: the table of runs. summary: its summary. comparisons: within seeds.
        printed: what the notebooks printed.
        distinct: the paths (experiment/condition/variant) of runs that are not the same as an
            earlier one, so that shared networks count once.
        classes: of IPD.

    Returns:
        ``results`` and ``comparisons``, both
        ``.<experiment>.<condition>.<variant>.<metric>.<statistic>``, the comparisons with ``p``,
        ``p_holm`` and ``effect_size`` besides,
        ``labels.<experiment>.<condition>``, ``references.<experiment>``,
        ``printed.<experiment>.<condition>.<metric>``, the counts ``networks``, ``diverged`` and
        ``seeds``, and what follows from the number of classes.
    """
    path = runs["experiment"] + "/" + runs["condition"] + "/" + runs["variant"]
    trained = runs[path.isin(distinct)]
    width = 180 / classes
    return {
        "results": _leaves(summary),
        "comparisons": _leaves(comparisons),
        "references": dict(zip(comparisons["experiment"], comparisons["reference"], strict=True)),
        "labels": _labels(runs),
        "printed": _printed(printed),
        "chance": text(100 / classes, 1),
        "class_width_deg": f"{width:.4g}",
        "error_floor_deg": f"{width / 4:.4g}",
        "networks": str(len(trained)),
        "diverged": str(int(trained["diverged"].sum())),
        "seeds": str(runs["seed"].nunique()),
    }


def _leaves(summary: pd.DataFrame) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for row in summary.to_dict("records"):
        decimals = DECIMALS.get(str(row["metric"]), 1)
        leaf = {name: text(row[name], decimals) for name in STATISTICS} | {"n": str(row["n"])}
        if "p" in row:  # a comparison
            leaf |= {name: p_text(row[name]) for name in ("p", "p_holm")}
            leaf["effect_size"] = text(row["effect_size"], 2)
        condition = tree.setdefault(row["experiment"], {}).setdefault(row["condition"], {})
        condition.setdefault(row["variant"], {})[row["metric"]] = leaf
    return tree


def _labels(runs: pd.DataFrame) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for row in runs.to_dict("records"):
        tree.setdefault(row["experiment"], {})[row["condition"]] = row["label"]
    return tree


def _printed(printed: pd.DataFrame) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    groups = printed.groupby(["experiment", "condition", "metric"], sort=False)
    for (experiment, condition, metric), group in groups:
        values = group["printed"]
        decimals = 3 if "loss" in metric else 1
        leaf = {
            "mean": text(values.mean(), decimals),
            "min": text(values.min(), decimals),
            "max": text(values.max(), decimals),
            "values": ", ".join(text(value, decimals) for value in values),
            "sessions": str(group["sessions"].sum()),
        }
        tree.setdefault(experiment, {}).setdefault(condition, {})[metric] = leaf
    return tree

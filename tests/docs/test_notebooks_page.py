"""The tables of docs/notebooks.md: what is counted and compared."""

import runpy
from typing import Any

import pandas as pd
import pytest
from configs import ROOT

TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools/notebooks_page.py"))
TITLES = {"e": "Mine"}


def runs(**metrics: list[float]) -> pd.DataFrame:
    about: dict[str, Any] = {"experiment": "e", "condition": "c", "variant": "published"}
    about |= {"label": "C", "parameter": "", "diverged": False}
    return pd.DataFrame(metrics).assign(**about, seed=range(len(next(iter(metrics.values())))))


def printed(metric: str, *values: float, **more: Any) -> pd.DataFrame:
    about = {"experiment": "e", "condition": "c", "variant": "published", "shared": ""}
    return pd.DataFrame([about | {"metric": metric, "printed": v} | more for v in values])


def test_means_of_sessions_are_compared_on_the_scale_of_their_interval() -> None:
    ours = runs(test_accuracy=[50, 52, 54], test_abs_error_deg=[1, 10, 100], epochs=[1, 2, 3])
    theirs = [printed("test_accuracy", 50, 52, 54), printed("test_abs_error_deg", 5, 10, 20)]
    theirs += [printed("epochs", 10, 10), printed("epochs", 1, 2, 3, shared="training")]
    _, accuracy, error = TOOL["means"](pd.concat(theirs), ours, TITLES)
    assert accuracy[2:] == ["52.00 ± 2.00 (3)", "52.00 ± 2.00 (3)", "1", "1"]
    assert error[:2] == ["Mine", "test absolute error (°)"] and error[3].startswith("37.00 ± ")
    assert float(error[4]) == pytest.approx(1, abs=0.01)  # the mean logarithms are equal


def test_verdicts_are_those_of_each_protocol_and_metric() -> None:
    rows = [["all", "all"], ["e", "all"], ["all", "epochs"], ["e", "epochs"]]
    counts = {"intervals": 3, "inside_count": 2, "median_width": 1.25}
    summary = pd.DataFrame(rows, columns=["experiment", "metric"]).assign(**counts)
    made = list(TOOL["verdicts"](summary, TITLES))
    assert made[1:] == [["Mine", "epochs", "3", "2", "1.25"], ["all", "", "3", "2", ""]]


def test_the_misfit_at_2_ms_is_welchs_test_with_new_seeds() -> None:
    ours = runs(test_accuracy=[80, 82, 84, 90, 92, 94])
    ours["experiment"] = ["tau_2"] * 3 + ["tau_2_new_seeds"] * 3
    theirs = printed("test_accuracy", 82, 84, 86, experiment="tau_2")
    _, first, new, both = TOOL["misfit"](theirs, ours)
    # both have an sd of 2: the standard error is sqrt(8/3), and t of 4 degrees of freedom 2.776
    assert first == ["first", "82.00 ± 2.00 (3)", "2.00 [-2.53, 6.53]", "0.29"]
    assert new[:3] == ["new", "92.00 ± 2.00 (3)", "-8.00 [-12.53, -3.47]"]
    assert both[1] == "87.00 ± 5.76 (6)"


def test_other_protocols_have_their_labels_and_differences() -> None:
    about = {"experiment": "tau_2_protocol", "metric": "test_accuracy", "n": 20, "mean": 0.96}
    about |= {"ci95_low": 0.3, "ci95_high": 1.6, "p": 0.005, "p_holm": 0.0149}
    other = about | {"experiment": "tau_20"}
    table = pd.DataFrame([about, other]).assign(condition="wide")
    _, *rows = TOOL["protocols"](table, {"wide": "W1 wider"})
    assert rows == [["W1 wider", "20", "+0.96 [0.30, 1.60]", "0.005", "0.015"]]


def test_coverage_counts_left_out_seeds_for_both_intervals() -> None:
    values: list[float] = [4.9, 5, 5.1, 5, 40]  # one far away from the others on any scale
    names = ("train_accuracy", "test_accuracy", "train_abs_error_deg", "test_abs_error_deg")
    for row in list(TOOL["coverage"](runs(**dict.fromkeys(names, values))))[1:]:
        assert row[1:] == ["5", "80.0 %", "0", "1", "80.0 %", "0", "1"]


def test_tables_take_the_place_of_the_old_ones() -> None:
    text = (ROOT / "docs/notebooks.md").read_text(encoding="utf-8")
    for name in ("verdicts", "means", "coverage", "misfit", "protocols"):
        assert f"<!-- {name} -->\n" in text
    assert text.count("<!-- end -->") == 5
    assert TOOL["written"](iter([["a", "b"], ["1", "2"]])) == "| a | b |\n| --- | --- |\n| 1 | 2 |"

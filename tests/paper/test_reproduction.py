"""Printed values beside our own: intervals worked out by hand, and no printed number left out."""

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from configs import PAPER, ROOT

from spikeloc.config.expansion import expand
from spikeloc.config.loading import load_config
from spikeloc.config.parameters import Nesting
from spikeloc.config.plan import Plan
from spikeloc.paper.printed import Repeated, printed_table
from spikeloc.paper.reproduction import (
    reproduction_summary,
    reproduction_table,
)
from spikeloc.plots.panels.reproduction import LIMITS, split_by_place
from spikeloc.statistics.declared_tables import table as declared_table
from spikeloc.statistics.schema import read_table, write_table

CONFIG = load_config(PAPER)
NOTEBOOKS = load_config(ROOT / "config/notebooks.yaml")
PLAN = Plan(CONFIG)
PRINTED = printed_table(
    {name: ROOT / (CONFIG.experiments[name].printed or "") for name in PLAN.reproduced},
    {name: Repeated(**PLAN.repeated(name)) for name in PLAN.reproduced},
)
NESTING = {(run.experiment, run.variant): run.parameters.nesting for run in expand(CONFIG)}
METRICS = ["train_accuracy", "test_accuracy", "train_abs_error_deg", "test_abs_error_deg"]


def run_row(condition: str, seed: int, network: int, accuracy: float, **more: Any) -> Any:
    about: dict[str, Any] = {"experiment": "dale_ratio", "condition": condition, "label": condition}
    about |= {"variant": "published", "seed": seed, "network": network, "diverged": False}
    return about | dict.fromkeys(METRICS, accuracy) | more


def history_of(runs: pd.DataFrame, epochs: int) -> pd.DataFrame:
    """Losses of seed + network/10, halved with each epoch."""
    names = ["experiment", "condition", "variant", "seed", "network"]
    rows = [
        run[names].to_dict() | {"epoch": e, "train_loss": (run.seed + run.network / 10) / 2**e}
        for _, run in runs[~runs["diverged"]].iterrows()
        for e in range(epochs)
    ]
    return pd.DataFrame(rows, columns=[*names, "epoch", "train_loss"])


def printed_rows(*values: float, metric: str = "test_accuracy", **more: Any) -> pd.DataFrame:
    about = {"experiment": "dale_ratio", "condition": "c", "value": 0.5, "metric": metric}
    about |= {"printed_sd": math.nan, "sessions": 1, "shared": "training", "session": 0}
    about |= {"digitising_error": math.nan, "variant": "published"} | more
    return pd.DataFrame([about | {"printed": value} for value in values])


KEY = ("dale_ratio", "published")
THREE = Nesting(networks=3, shared=["training"])
RUNS = pd.DataFrame(
    [
        run_row("c", seed, network, accuracy)
        for seed, accuracies in ((1, [49, 52, 55]), (2, [50, 54, 58]))
        for network, accuracy in enumerate(accuracies, 1)
    ]
)


def one_row(printed: pd.DataFrame, runs: pd.DataFrame = RUNS, nesting: Any = THREE) -> Any:
    table = reproduction_table(printed, runs, history_of(runs, 4), {KEY: nesting})
    (row,) = table.itertuples()
    return row


def test_means_of_seeds_predict_the_mean_of_the_sessions() -> None:
    row = one_row(printed_rows(60, 75, 90))
    # means 52 and 54 of the seeds as above; printed (60 + 75 + 90) / 3, sd 15
    assert (row.printed, row.printed_sessions, row.printed_sd) == (75, 3, 15)
    assert row.printed_values == "60 75 90"
    assert (row.mean, row.n, row.diverged) == (53, 2, 0)
    assert row.sd == pytest.approx(math.sqrt(2))
    assert (row.interval_low, row.interval_high) == pytest.approx((30.9922, 75.0078), abs=1e-3)
    assert row.width == pytest.approx(2 * 22.0078, abs=1e-3)
    assert row.inside and not row.borderline
    # within seeds: 3 and 4, sqrt((9 + 16) / 2)
    assert row.network_sd == pytest.approx(math.sqrt(12.5))
    assert not one_row(printed_rows(60, 75, 90.1)).inside  # 75.03


def test_value_read_from_a_figure_may_be_borderline() -> None:
    digitised: dict[str, Any] = {"sessions": 3, "digitising_error": 0.5, "printed_sd": 4.0}
    row = one_row(printed_rows(74.6, **digitised))
    assert row.inside and row.borderline  # 75.1 would be outside
    assert (row.printed_sd, row.digitising_error, row.printed_sessions) == (4, 0.5, 3)
    assert not one_row(printed_rows(74.4, **digitised)).borderline
    row = one_row(printed_rows(75.4, **digitised))
    assert not row.inside and row.borderline


SINGLE = RUNS[RUNS["network"] == 1]  # 49 and 50


@pytest.mark.parametrize(
    "nesting",
    [
        Nesting(networks=2, shared=["training"]),
        Nesting(networks=3, shared=["training", "test"]),
    ],
)
def test_networks_that_are_nested_otherwise_predict_nothing(nesting: Nesting) -> None:
    row = one_row(printed_rows(60, 75, 90), nesting=nesting)
    assert (row.mean, row.n, row.printed) == (53, 2, 75)
    assert math.isnan(row.interval_low) and math.isnan(row.width) and row.inside is pd.NA


def test_a_mean_of_sessions_that_share_data_has_the_interval_of_single_networks() -> None:
    printed = printed_rows(38.6, 60.3, 60.4)
    history = history_of(SINGLE, 4)
    (row,) = reproduction_table(printed, SINGLE, history, {KEY: Nesting()}).itertuples()
    # as for one session below, and not narrower by the root of three
    assert (row.printed, row.printed_sessions, row.n) == (pytest.approx(53.1), 3, 2)
    assert (row.interval_low, row.interval_high) == pytest.approx((38.4961, 60.5039), abs=1e-3)
    assert row.inside
    printed = printed.assign(metric="test_abs_error_deg")  # logarithms of means say nothing
    (row,) = reproduction_table(printed, SINGLE, history, {KEY: Nesting()}).itertuples()
    assert math.isnan(row.interval_low) and row.inside is pd.NA


def test_order_of_shared_data_sets_does_not_matter() -> None:
    printed = printed_rows(60, 75, 90, shared="training test")
    assert one_row(printed, nesting=Nesting(networks=3, shared=["test", "training"])).inside


def alone(*values: float, **more: Any) -> list[Any]:
    """The rows of sessions that share no data, beside single networks."""
    about: dict[str, Any] = {"shared": "", "session": range(len(values))} | more
    printed = printed_rows(*values).assign(**about)
    table = reproduction_table(printed, SINGLE, history_of(SINGLE, 4), {KEY: Nesting()})
    return list(table.itertuples())


def test_sessions_that_share_nothing_are_predicted_one_by_one() -> None:
    rows = alone(50, 60.6, 60.4)
    # mean 49.5, sd sqrt(1/2), half 12.7062 * 0.70711 * sqrt(1.5) = 11.0039
    for row in rows:
        assert (row.mean, row.n, row.printed_sessions) == (49.5, 2, 1)
        assert (row.interval_low, row.interval_high) == pytest.approx((38.4961, 60.5039), abs=1e-3)
    assert [(row.session, row.printed, row.inside) for row in rows] == [
        (0, 50, True),
        (1, 60.6, False),
        (2, 60.4, True),
    ]


def test_mean_of_sessions_that_share_nothing_is_predicted_as_a_mean() -> None:
    (row,) = alone(58, sessions=4)
    # sqrt(1 / 4 + 1 / 2) instead of sqrt(1.5)
    assert row.interval_high == pytest.approx(49.5 + 11.0039 / math.sqrt(2), abs=1e-3)
    assert not row.inside and row.printed_sessions == 4
    (row,) = alone(58, sessions=4, metric="test_abs_error_deg")
    assert row.inside is pd.NA and math.isnan(row.interval_low) and row.mean == 49.5


def test_values_are_compared_with_the_variant_that_they_name() -> None:
    others = SINGLE.assign(variant="corrected", test_accuracy=SINGLE["test_accuracy"] + 10)
    printed = printed_rows(50, 60, shared="").assign(variant=["published", "corrected"])
    runs = pd.concat([SINGLE, others])
    nesting = {KEY: Nesting(), ("dale_ratio", "corrected"): Nesting()}
    table = reproduction_table(printed, runs, history_of(runs, 1), nesting)
    assert table[["variant", "printed", "mean"]].to_numpy().tolist() == [
        ["published", 50, 49.5],
        ["corrected", 60, 59.5],
    ]


def test_single_session_is_predicted_by_single_networks() -> None:
    row = one_row(printed_rows(75, shared=""), RUNS[RUNS["network"] == 2], Nesting())
    # 52 and 54; nothing is known about the scatter within a seed
    assert row.inside and row.mean == 53 and math.isnan(row.network_sd)


def test_seeds_with_a_diverged_network_are_left_out_and_counted() -> None:
    lost = {3: [99, 99, math.nan], 4: [98, math.nan, math.nan]}
    more = [
        run_row("c", seed, network, accuracy, diverged=math.isnan(accuracy))
        for seed, accuracies in lost.items()
        for network, accuracy in enumerate(accuracies, 1)
    ]
    runs = pd.concat([RUNS, pd.DataFrame(more)], ignore_index=True)
    row = one_row(printed_rows(60, 75, 90), runs)
    assert (row.mean, row.n, row.diverged) == (53, 2, 3)
    losses = one_row(printed_rows(1, 1, 1, metric="first_epoch_loss"), runs)
    assert (losses.mean, losses.n) == (pytest.approx(1.7), 2)


def test_condition_that_diverged_altogether_or_is_not_run_has_gaps() -> None:
    for runs in (RUNS.assign(diverged=True), RUNS.assign(condition="d")):
        row = one_row(printed_rows(60, 75, 90), runs)
        assert row.n == 0 and math.isnan(row.mean) and math.isnan(row.sd) and row.inside is pd.NA
        assert row.diverged == (6 if runs["diverged"].all() else 0)


def test_corrected_runs_and_other_conditions_are_left_out() -> None:
    others = [RUNS.assign(variant="corrected"), RUNS.assign(condition="d")]
    others = [each.assign(test_accuracy=1.0) for each in others]
    assert one_row(printed_rows(60, 75, 90), pd.concat([RUNS, *others])).mean == 53


@pytest.mark.parametrize(
    ("metric", "epoch"),
    [("first_epoch_loss", 0), ("epoch_1_loss", 1), ("epoch_2_loss", 2), ("last_epoch_loss", 3)],
)
def test_losses_are_those_of_their_epoch(metric: str, epoch: int) -> None:
    # seeds 1 and 2, networks' mean 0.2
    row = one_row(printed_rows(1, 1, 1, metric=metric))
    assert row.mean == pytest.approx(1.7 / 2**epoch)
    assert row.interval_low == 0 and row.interval_high > 100 / 2**epoch / 10


def test_epoch_that_was_not_trained_has_no_loss() -> None:
    assert one_row(printed_rows(1, 1, 1, metric="epoch_8_loss")).n == 0


def papers_table() -> pd.DataFrame:
    """The reproduction of every printed value, were our networks to give nothing."""
    nothing = RUNS[:0]
    return reproduction_table(PRINTED, nothing, history_of(nothing, 0), NESTING)


def test_sessions_of_a_condition_are_one_row() -> None:
    table = papers_table()
    key = ["experiment", "condition", "metric"]
    assert not table.duplicated(key).any()
    assert set(table[key].itertuples(index=False)) == set(PRINTED[key].itertuples(index=False))
    both = table[table["condition"] == "both"].iloc[0]
    assert both["printed"] == pytest.approx((65.283203125 + 73.681640625 + 74.51171875) / 3)
    names = "experiment, condition, metric, printed, printed_sessions, mean, sd, n, interval_low, "
    assert list(table)[:11] == (names + "interval_high, inside").split(", ")


def test_nested_networks_share_what_the_printed_sessions_shared() -> None:
    """So that in config/notebooks.yaml every printed value has its own interval."""
    nested = {(run.experiment, run.variant): run.parameters.nesting for run in expand(NOTEBOOKS)}
    for experiment, rows in PRINTED.groupby("experiment"):
        nesting = nested[experiment, "published"]
        for _, sessions in rows.groupby(["condition", "metric"]):
            assert nesting.networks == sessions["sessions"].sum()
            assert {*nesting.shared} == {*sessions["shared"].iloc[0].split()}
    assert all(nesting.networks == 1 for nesting in NESTING.values())  # in the paper


def test_tables_come_back_from_their_files(tmp_path: Path) -> None:
    declared = declared_table("printed"), declared_table("reproduction")
    write_table(tmp_path / "printed.csv", PRINTED, declared[0])
    printed = read_table(tmp_path / "printed.csv", declared[0])
    single = RUNS.assign(experiment="baseline", condition="free", label="Free")
    single = single[single["network"] == 1]
    made = reproduction_table(printed, single, history_of(single, 10), NESTING)
    write_table(tmp_path / "reproduction.csv", made, declared[1])
    again = read_table(tmp_path / "reproduction.csv", declared[1])
    assert again["inside"].tolist() == made["inside"].tolist()
    run = again[again["inside"].notna()]
    assert set(run["experiment"]) == {"baseline"} and set(run["condition"]) == {"free"}
    assert again["label"].tolist() == made["label"].tolist()


def test_summary_counts() -> None:
    nothing = {"inside": pd.NA, "borderline": pd.NA, "width": math.nan, "own_inside": math.nan}
    hit = {"inside": True, "borderline": False, "own_inside": 90.0}
    rows = [
        hit | {"experiment": "a", "metric": "test_accuracy", "width": 10.0},
        hit | {"experiment": "a", "metric": "test_accuracy", "width": 20.0, "inside": False},
        hit | {"experiment": "b", "metric": "test_accuracy", "width": 60.0, "borderline": True},
        nothing | {"experiment": "b", "metric": "test_accuracy"},
        hit | {"experiment": "b", "metric": "epoch_1_loss", "width": 0.5, "own_inside": 100.0},
        hit | {"experiment": "b", "metric": "epoch_8_loss", "width": 1.5, "own_inside": 100.0},
    ]
    table = pd.DataFrame(rows).astype({"inside": "boolean", "borderline": "boolean"})
    summary = reproduction_summary(table).set_index(["experiment", "metric"])
    assert list(summary.index) == [
        ("all", "all"),
        ("a", "all"),
        ("b", "all"),
        ("all", "test_accuracy"),
        ("all", "epoch_loss"),
        ("a", "test_accuracy"),
        ("b", "test_accuracy"),
        ("b", "epoch_loss"),
    ]
    counts = ["values", "intervals", "inside_count", "inside_percent", "borderline_count"]
    assert summary.loc[("all", "all"), counts].tolist() == [6, 5, 4, 80, 1]
    assert summary.loc[("b", "all"), counts].tolist() == [4, 3, 3, 100, 1]
    assert summary.loc[("a", "test_accuracy"), counts].tolist() == [2, 2, 1, 50, 0]
    assert summary.loc[("all", "test_accuracy"), "median_width"] == 20
    assert summary.loc[("all", "epoch_loss"), "median_width"] == 1
    assert math.isnan(summary.loc[("b", "all"), "median_width"])  # of different units
    assert summary.loc[("all", "all"), "own_inside"] == pytest.approx((3 * 90 + 2 * 100) / 5)


def test_summary_of_no_intervals_is_one_of_gaps() -> None:
    summary = reproduction_summary(papers_table())
    assert summary.iloc[0]["values"] == len(papers_table()) and summary["intervals"].sum() == 0
    assert summary["inside_percent"].isna().all()


def test_panel_has_a_place_for_every_value() -> None:
    values, epochs = split_by_place(papers_table())
    assert len(values) + len(epochs) == len(papers_table())
    assert epochs["row_label"].tolist() == list("12345678")
    assert set(values["column"]) == set(LIMITS) and set(epochs["column"]) == {"loss"}
    in_place = values.groupby(["experiment", "row_label", "column"]).size()
    assert (in_place[in_place > 1].index.get_level_values("column") == "loss").all()
    assert in_place.max() == 2  # the losses of the first and the last epoch

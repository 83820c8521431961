"""Declared tables: what is read and written by them, and the guide that is made from them."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from configs import EXTENDED, PAPER, QUICK, ROOT, SIGNS
from schema_check import assert_matches_schema
from seeds import run_row

from spikeloc.config.loading import load_config
from spikeloc.config.parameters import StimulusParameters
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.statistics.comparisons import comparison_table
from spikeloc.statistics.declared_tables import table, tables
from spikeloc.statistics.schema import Column, Table, read_table, write_table
from spikeloc.statistics.summaries import summary_table

SMALL = Table(
    "small", "small.csv", "For tests.",
    (
        Column("name", "", kind="text"),
        Column("count", "", kind="whole number"),
        Column("best", "", kind="whole number", may_be_empty=True),
        Column("done", "", kind="true or false"),
        Column("loss", ""),
    ),
    ("name",),
)  # fmt: skip
FRAME = pd.DataFrame({"loss": [0.5, None], "name": ["0.10", ""], "count": [1, 2]}).assign(
    best=pd.array([3, None], dtype="Int64"), done=[True, False]
)


def test_a_table_is_written_in_its_order_and_read_as_it_was(tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv", FRAME, SMALL)
    assert (tmp_path / "t.csv").read_text() == (
        "name,count,best,done,loss\n0.10,1,3,True,0.5\n,2,,False,\n"
    )
    again = read_table(tmp_path / "t.csv", SMALL)
    assert_matches_schema(again, SMALL)
    assert again["name"].tolist() == ["0.10", ""]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name,count,best,done\n", "not a table 'small': has no column loss"),
        ("name,count,best,done,loss,x\n", "not a table 'small': has unknown columns: x"),
        ("name,count,best,done,loss\na,1,,True,high\n", "damaged or not a CSV table"),
        ("name,count,best,done,loss\na,,,True,1\n", "damaged or not a CSV table"),
    ],
)
def test_another_table_is_refused_in_one_line(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError, match=problem) as caught:
        read_table(tmp_path / "t.csv", SMALL)
    assert str(caught.value).startswith(f"{tmp_path / 't.csv'}: ")


def test_further_columns_stand_behind() -> None:
    more = Table("more", "", "", SMALL.columns, ("name",), further="settings")
    assert more.in_order(["x", *SMALL.names]) == [*SMALL.names, "x"]


def test_a_table_that_lacks_a_column_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no column loss"):
        write_table(tmp_path / "t.csv", FRAME.drop(columns="loss"), SMALL)


def test_two_rows_of_one_key_are_not_written(tmp_path: Path) -> None:
    twice = pd.concat([FRAME, FRAME.iloc[:1]])
    with pytest.raises(ValueError, match=f"two rows have name {FRAME['name'].iloc[0]}"):
        write_table(tmp_path / "t.csv", twice, SMALL)
    assert not (tmp_path / "t.csv").exists()


def test_further_columns_tell_rows_apart_where_they_are_keys(tmp_path: Path) -> None:
    twice = pd.concat([FRAME, FRAME], ignore_index=True)
    twice["jitter"] = [0.0] * len(FRAME) + [5.0] * len(FRAME)
    further = replace(SMALL, further="parameters", further_key=True)
    write_table(tmp_path / "t.csv", twice, further)
    assert len(pd.read_csv(tmp_path / "t.csv")) == len(twice)
    for declared, frame in ((further, twice.assign(jitter=5.0)), (SMALL, twice)):
        with pytest.raises(ValueError, match=r"two rows have|unknown columns"):
            write_table(tmp_path / "t.csv", frame, declared)


def test_observers_of_all_stimuli_are_told_apart() -> None:
    stimulus = {*StimulusParameters().model_dump()} - {"phase"}
    assert {*table("ideal_observer").key} == stimulus | {"phase_known", "classes"}


def test_columns_stand_once_and_keys_are_columns() -> None:
    for name, each in tables().items():
        assert each.name == name
        assert len(set(each.names)) == len(each.names)
        assert set(each.key) <= set(each.names)


@pytest.mark.parametrize("config", [PAPER, SIGNS, EXTENDED, QUICK])
def test_every_table_of_results_is_declared(config: Path) -> None:
    assert {*Plan(load_config(config)).result_tables()} <= {*tables()}


def test_runs_have_the_columns_that_others_rely_on() -> None:
    names = "experiment, condition, label, parameter, value, recipe, variant, seed, model, epochs, "
    names += "best_epoch, stopped_early, diverged, train_loss, val_loss, train_accuracy, "
    names += "test_accuracy, train_abs_error_deg, test_abs_error_deg, test_class_error_deg, "
    names += "hidden_rate_hz, network, test_information_bits, w1_dead_percent, w2_dead_percent, "
    names += "w1_entropy_start, w2_entropy_start, w1_entropy, w2_entropy, start_rate_hz"
    expected = names.split(", ")
    assert table("runs").names[: len(expected)] == expected


def test_summaries_and_comparisons_match() -> None:
    runs = pd.DataFrame([run_row(name, seed, 50.0 + seed) for name in "ab" for seed in (1, 2)])
    assert_matches_schema(summary_table(runs), table("summary"))
    assert_matches_schema(comparison_table(runs, "a"), table("comparisons"))


def test_the_guide_to_the_tables_is_current() -> None:
    made = subprocess.run(
        [sys.executable, "tools/table_guide.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == (ROOT / "docs/tables.md").read_text(encoding="utf-8"), "make schema"

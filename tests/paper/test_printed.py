"""Printed values: what stands in a file comes into the tables, and bad files are named."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from configs import PAPER, ROOT, paper, runs_of

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.paper.printed import Repeated, printed_losses, printed_table, read_printed
from spikeloc.statistics.declared_tables import table as declared_table

PLAN = Plan(load_config(PAPER))
FILES = {name: ROOT / (PLAN.config.experiments[name].printed or "") for name in PLAN.reproduced}
REPEATED = {name: Repeated(**PLAN.repeated(name)) for name in PLAN.reproduced}
MINE = Repeated(["tau_ms-5"], ["published", "corrected"], "published", "tau_ms")


def rows(**where: object) -> pd.DataFrame:
    table = printed_table(FILES, REPEATED)
    for column, content in where.items():
        table = table[table[column] == content]
    return table


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text)
    return path


def test_rows_by_hand() -> None:
    def one(**where: object) -> float:
        return float(rows(**where)["printed"].item())

    free = {"experiment": "baseline", "condition": "free"}
    assert one(**free, metric="test_accuracy") == 59.8
    assert one(**free, metric="first_epoch_loss") == 2.23891
    assert one(**free, metric="epoch_1_loss") == 1.25036
    assert one(**free, metric="epoch_8_loss") == 0.54778
    assert one(**free, metric="last_epoch_loss") == 0.54693
    assert one(condition="inhibitory_fraction-0.7", metric="test_accuracy") == 80.0
    assert one(condition="inhibitory_fraction-1", metric="train_accuracy") == 8.7
    assert one(condition="w1_positive", session=1) == 54.248046875
    assert one(condition="envelope_power-100", metric="test_abs_error_deg") == 5.4
    spread = rows(condition="inhibitory_fraction-0.8", metric="test_accuracy")
    assert (spread["printed_sd"].item(), spread["sessions"].item()) == (4.0, 3)
    assert (spread["digitising_error"].item(), spread["shared"].item()) == (
        0.5,
        "training validation",
    )
    assert set(rows(condition="both")["shared"]) == {"training validation test"}


def test_every_value_has_a_source_and_stands_once() -> None:
    table = rows()
    assert (table["source"] != "").all()
    assert not table.duplicated(["experiment", "condition", "metric", "session"]).any()


def test_losses_of_a_condition_that_has_one_for_every_epoch() -> None:
    losses = printed_losses(rows())
    assert set(losses["experiment"]) == {"baseline"} and set(losses["condition"]) == {"free"}
    assert losses["epoch"].tolist() == list(range(10))
    assert losses["loss"].iloc[[0, 1, -1]].tolist() == [2.23891, 1.25036, 0.54693]


def test_losses_of_some_epochs_are_left_out() -> None:
    free = rows(experiment="baseline", condition="free")
    assert printed_losses(free[free["metric"] != "last_epoch_loss"]).empty


def test_printed_rows_have_the_names_and_values_of_the_config() -> None:
    ours = {(run.experiment, run.condition): run.value for run in runs_of(paper())}
    for row in rows().itertuples():
        value = ours[row.experiment, row.condition]
        assert value == row.value or (value is None and pd.isna(row.value))


def test_three_columns_are_enough(tmp_path: Path) -> None:
    path = written(tmp_path, "condition,metric,printed\ntau_ms-5,test_accuracy,51.5\n")
    table = printed_table({"mine": path}, {"mine": MINE})
    assert list(table) == declared_table("printed").names
    (row,) = table.to_dict("records")
    assert (row["experiment"], row["condition"], row["printed"]) == ("mine", "tau_ms-5", 51.5)
    assert (row["sessions"], row["session"], row["shared"]) == (1, 0, "")
    assert row["variant"] == "published"


def test_a_file_may_name_the_variant_that_repeats_the_protocol(tmp_path: Path) -> None:
    text = "condition,metric,printed,variant\ntau_ms-5,epochs,5,corrected\ntau_ms-7,epochs,5,\n"
    table = printed_table({"mine": written(tmp_path, text)}, {"mine": MINE})
    assert table["variant"].tolist() == ["corrected", "published"]


@pytest.mark.parametrize(
    "row, repeated, message",
    [
        ("tau_5,epochs,5,", MINE, "no condition 'tau_5'; did you mean 'tau_ms-5'?"),
        ("tau_ms-7,epochs,5,", replace(MINE, swept=""), "no condition 'tau_ms-7'"),
        ("tau_ms-5,epochs,5,mine", MINE, "column 'variant': 'mine' is none of: published, correc"),
        (
            "tau_ms-5,epochs,5,",
            replace(MINE, variant=""),
            "column 'variant': name one of: published",
        ),
    ],
)
def test_a_file_is_about_its_experiment(
    tmp_path: Path, row: str, repeated: Repeated, message: str
) -> None:
    path = written(tmp_path, f"condition,metric,printed,variant\n{row}\n")
    with pytest.raises(InputError) as caught:
        printed_table({"mine": path}, {"mine": repeated})
    assert str(caught.value).startswith(str(path)) and message in str(caught.value)


def test_sessions_without_numbers_are_numbered(tmp_path: Path) -> None:
    values = "".join(f"tau_ms-{tau},epochs,{value}\n" for tau, value in ((5, 1), (7, 2), (5, 3)))
    table = read_printed(written(tmp_path, f"condition,metric,printed\n{values}"))
    assert table["session"].tolist() == [0, 0, 1]


def test_losses_of_several_sessions_are_told_apart() -> None:
    free = rows(experiment="baseline", condition="free")
    losses = printed_losses(pd.concat([free, free.assign(session=1)]))
    assert losses["session"].tolist() == [0] * 10 + [1] * 10


def test_no_files_make_an_empty_table() -> None:
    table = printed_table({}, {})
    assert list(table) == declared_table("printed").names
    assert table.empty and printed_losses(table).empty


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "damaged or not a CSV table"),
        ("condition,metric\na,b\n", "has no column 'printed', only 'condition, metric'"),
        ("condition;metric;printed\n", "no column 'condition', only 'condition;metric;printed'"),
        ("condition,metric,printed\n", "has no rows"),
        ("condition,metric,printed,sd\na,test_accuracy,5,1\n", "unknown column 'sd'"),
        (
            "condition,metric,printed\na,test_accuracy,59\na,test_accuracy,59.8 %\n",
            "column 'printed': must be a number, not '59.8 %'",
        ),
        ("condition,metric,printed,value\na,b,5,x\n", "'value': must be a number, not 'x'"),
        ("condition,metric,printed,printed_sd\na,b,5,-1\n", "number of at least 0, not -1"),
        ("condition,metric,printed,sessions\na,b,5,many\n", "whole number of at least 1, not 'man"),
        ("condition,metric,printed,sessions\na,b,5,0\n", "'sessions': must be .* 1, not 0"),
        ("condition,metric,printed,sessions\na,b,5,1.5\n", "'sessions': must be .* not 1.5"),
        ("condition,metric,printed,session\na,b,5,-1\n", "'session': must be .* 0, not -1"),
        (
            "condition,metric,printed,shared\na,epochs,5,test trainig\n",
            "column 'shared': 'trainig' is none of: training, validation, test",
        ),
        ("condition,metric,printed\na,test_accuracy,\n", "a row lacks one of"),
        (
            "condition,metric,printed,session\na,epochs,5,1\na,epochs,6,1\n",
            "two rows hold the epoch",
        ),
        ("condition,metric,printed\na,test_accuracy,900\n", "test_accuracy cannot be 900"),
        ("condition,metric,printed\na,epoch_2_loss,-1\n", "epoch_2_loss cannot be -1"),
        ("condition,metric,printed\na,accuracy,9\n", "'accuracy' is neither a metric of runs.csv"),
        ("condition,metric,printed\na,class_error,9\n", "did you mean 'test_class_error_deg'"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"mine\.csv: .*{message}"):
        read_printed(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: no such file"):
        read_printed(tmp_path / "none.csv")

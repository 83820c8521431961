"""What the notebooks printed: nothing is lost on the way from the file to the tables."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from configs import ROOT, paper, runs_of

from spikeloc.io.errors import InputError
from spikeloc.paper.printed import printed_losses, printed_table, read_printed

SOURCE = ROOT / "resources" / "printed_results.json"
RESULTS: dict[str, Any] = json.loads(SOURCE.read_text(encoding="utf-8"))
# told about the results, not results themselves
ABOUT = {"protocol", "sessions", "digitising_error"}


def numbers_in(tree: Any) -> list[float]:
    """Every number below, in order; `ABOUT` left out."""
    if isinstance(tree, dict):
        return [x for key, inner in tree.items() if key not in ABOUT for x in numbers_in(inner)]
    if isinstance(tree, list):
        return [x for inner in tree for x in numbers_in(inner)]
    return [tree] if isinstance(tree, int | float) else []


def rows(**where: Any) -> pd.DataFrame:
    table = printed_table(read_printed(SOURCE))
    for column, content in where.items():
        table = table[table[column] == content]
    return table


def test_every_printed_number_is_in_the_tables() -> None:
    table = rows()
    losses = printed_losses(RESULTS)["loss"]
    held = {*table["printed"], *table["printed_sd"], *table["value"], *losses}
    wanted = numbers_in(RESULTS)
    # free baseline 14, Dale 1, 4 * 11 of fractions, placements 9, 7 * 11 of powers
    assert len(wanted) == 14 + 1 + 44 + 9 + 77
    assert [x for x in wanted if x not in held] == []


def test_no_printed_number_is_made_up_or_twice() -> None:
    # 4 accuracies and errors of the free baseline, its losses, 1 of the Dale one, 2 * 11 fractions,
    # 3 * 3 sessions, 6 * 11 powers
    table = rows()
    assert len(table) == 4 + 10 + 1 + 22 + 9 + 66
    assert set(table["printed"]) <= set(numbers_in(RESULTS))
    keys = ["experiment", "condition", "metric", "session"]
    assert not table.duplicated(keys).any()


def test_rows_by_hand() -> None:
    def one(**where: Any) -> float:
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


def test_losses_by_epoch() -> None:
    losses = printed_losses(RESULTS)
    assert losses["epoch"].tolist() == list(range(10))
    assert losses["loss"].tolist() == RESULTS["baseline_unconstrained"]["loss_by_epoch"]


def test_printed_rows_have_the_names_and_values_of_the_config() -> None:
    ours = {(run.experiment, run.condition): run.value for run in runs_of(paper())}
    printed = rows().drop_duplicates(["experiment", "condition"])
    theirs = {(row.experiment, row.condition): row.value for row in printed.itertuples()}
    for key, value in theirs.items():
        assert key in ours
        assert ours[key] == value or (ours[key] is None and pd.isna(value))
    of_the_notebooks = {
        (name, condition) for name, condition in ours if name in set(rows()["experiment"])
    }
    assert of_the_notebooks - set(theirs) == {("baseline", "membrane_only")}


@pytest.mark.parametrize("content", [None, "{", "\x00"])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "printed.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=r"printed\.json"):
        read_printed(path)

"""Tables of runs: text that looks like numbers, gaps, and whole numbers that may be missing."""

from pathlib import Path

import pandas as pd

from spikeloc.io.files import write_table
from spikeloc.statistics.tables import (
    RUN_COLUMNS,
    join,
    labelled,
    read_experiment_table,
    without_diverged,
)

ABOUT = {"experiment": "e", "condition": "x-0.10", "label": "0.10", "parameter": "", "value": None}


def ensemble_table(path: Path, best_epoch: list[int | None]) -> Path:
    table = pd.DataFrame({"seed": [1, 2], "best_epoch": pd.array(best_epoch, dtype="Int64")})
    write_table(path, table)
    return path


def test_a_run_is_named_in_front_of_every_row(tmp_path: Path) -> None:
    table = labelled(ensemble_table(tmp_path / "metrics.csv", [3, None]), ABOUT)
    assert list(table.columns) == [*ABOUT, "seed", "best_epoch"]
    assert table["label"].tolist() == ["0.10", "0.10"] and table["seed"].tolist() == [1, 2]


def test_labels_and_whole_numbers_survive_writing_and_reading(tmp_path: Path) -> None:
    table = labelled(ensemble_table(tmp_path / "metrics.csv", [3, None]), ABOUT)
    write_table(tmp_path / "runs.csv", table)
    lines = (tmp_path / "runs.csv").read_text().splitlines()
    assert lines[1:] == ["e,x-0.10,0.10,,,1,3", "e,x-0.10,0.10,,,2,"]
    again = read_experiment_table(tmp_path / "runs.csv")
    assert again["label"].tolist() == ["0.10", "0.10"]
    assert again["parameter"].tolist() == ["", ""] and again["value"].isna().all()
    assert again["best_epoch"][0] == 3 and pd.isna(again["best_epoch"][1])


def test_tables_are_joined_in_order() -> None:
    parts = [pd.DataFrame({"seed": [2, 1]}), pd.DataFrame({"seed": [4]})]
    joined = join(parts)
    assert joined["seed"].tolist() == [2, 1, 4] and joined.index.tolist() == [0, 1, 2]


def test_runs_have_the_columns_that_others_rely_on() -> None:
    names = "experiment, condition, label, parameter, value, recipe, variant, seed, model, epochs, "
    names += "best_epoch, stopped_early, diverged, train_loss, val_loss, train_accuracy, "
    names += "test_accuracy, train_abs_error_deg, test_abs_error_deg, test_class_error_deg, "
    names += "hidden_rate_hz, network, test_information_bits, w1_dead_percent, w2_dead_percent, "
    names += "w1_entropy_start, w2_entropy_start, w1_entropy, w2_entropy, start_rate_hz"
    assert names.split(", ") == RUN_COLUMNS


def test_rows_of_diverged_networks_are_left_out() -> None:
    about = {"experiment": "e", "condition": "c", "variant": "published"}
    networks = [{"seed": seed, "network": network} for seed in (1, 2) for network in (1, 2)]
    runs = pd.DataFrame([about | each for each in networks]).assign(
        diverged=[False, True, False, False]
    )
    table = pd.DataFrame([about | each | {"epoch": e} for each in networks for e in (0, 1)])
    kept = without_diverged(table, runs)
    assert kept["seed"].tolist() == [1, 1, 2, 2, 2, 2]  # not the other network of seed 1
    assert kept["network"].tolist() == [1, 1, 1, 1, 2, 2]
    assert len(without_diverged(table[:2], runs[:1])) == 2

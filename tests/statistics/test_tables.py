"""Tables of ensembles become tables of experiments."""

from pathlib import Path

import pandas as pd

from spikeloc.io.files import write_table
from spikeloc.statistics.schema import Column, Table, read_run_table
from spikeloc.statistics.tables import join, without_diverged

ABOUT = {"experiment": "e", "condition": "x-0.10", "label": "0.10", "parameter": "", "value": None}


LOSSES = Table(
    "losses", "", "",
    (
        *(Column(name, "", kind="text") for name in ABOUT if name != "value"),
        Column("value", ""),
        Column("seed", "", kind="whole number"),
    ),
    ("seed",),
)  # fmt: skip


def test_a_run_is_named_in_front_of_every_row(tmp_path: Path) -> None:
    write_table(tmp_path / "losses.csv", pd.DataFrame({"seed": [1, 2]}))
    table = read_run_table(tmp_path / "losses.csv", ABOUT, LOSSES)
    assert list(table.columns) == [*ABOUT, "seed"]
    assert table["label"].tolist() == ["0.10", "0.10"] and table["seed"].tolist() == [1, 2]


def test_tables_are_joined_in_order() -> None:
    parts = [pd.DataFrame({"seed": [2, 1]}), pd.DataFrame({"seed": [4]})]
    joined = join(parts)
    assert joined["seed"].tolist() == [2, 1, 4] and joined.index.tolist() == [0, 1, 2]


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

"""Tables that take hours are kept whole, and compared cell by cell."""

import json
import sys
from pathlib import Path

import pytest
import yaml
from configs import ROOT
from finished_run import CONFIG, edit, finish_run

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.config.precomputed import TABLES, check_precomputed, precomputed_tables
from spikeloc.io.errors import InputError
from spikeloc.release.origin import config_hash
from spikeloc.release.precomputed import changes, keep, main

FOLDER = Path("resources/slow")


@pytest.fixture
def finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.chdir(tmp_path)
    return finish_run()


def test_what_is_kept_has_its_origin_and_no_times(finished: Plan) -> None:
    files = keep(finished, FOLDER)
    check_precomputed(FOLDER)
    tables = precomputed_tables(FOLDER)["e"]
    assert [*tables] == [name for name in TABLES if name != "tests_summary"]
    assert {*files} == {"config.yaml", *(f"e/{name}.csv" for name in tables)}
    for name, path in tables.items():
        assert path.read_bytes() == finished.experiment_file("e", name).read_bytes()
    origin = json.loads((FOLDER / "origin.json").read_text())
    assert origin["commit"] == "x" and "cores" not in origin
    assert changes(finished, FOLDER) == []


def test_one_number_that_changed_is_named(finished: Plan) -> None:
    keep(finished, FOLDER)
    edit(finished.experiment_file("e", "convergence"), "long,30,2,60.5,55", "long,30,2,60.25,55")
    assert changes(finished, FOLDER) == [
        "e/convergence.csv: row e, a, long, column accuracy: kept 60.5, made 60.25"
    ]


def test_a_row_that_is_missing_is_named(finished: Plan) -> None:
    keep(finished, FOLDER)
    path = finished.experiment_file("e", "ceiling")
    row = next(line for line in path.read_text().splitlines() if line.startswith("e,b,"))
    edit(path, row + "\n", "")
    assert changes(finished, FOLDER) == ["e/ceiling.csv: row e, b, short: only kept"]


def test_rows_with_the_same_key_are_compared_one_by_one(finished: Plan) -> None:
    path = finished.experiment_file("e", "ceiling")
    row = next(line for line in path.read_text().splitlines() if line.startswith("e,b,"))
    other = row.replace("e,b,label b", "e,b,label x")
    edit(path, row + "\n", f"{row}\n{row}\n")
    keep(finished, FOLDER)
    edit(path, f"{row}\n{row}\n", f"{other}\n{row}\n")
    assert changes(finished, FOLDER) == [
        "e/ceiling.csv: row e, b, short, column label: kept label b, made label x"
    ]
    edit(path, f"{other}\n{row}\n", row + "\n")
    assert changes(finished, FOLDER) == ["e/ceiling.csv: row e, b, short (no. 2): only kept"]


def test_another_order_of_rows_is_a_difference(finished: Plan) -> None:
    keep(finished, FOLDER)
    path = finished.experiment_file("e", "ceiling")
    first, second = path.read_text().splitlines(keepends=True)[1:3]
    edit(path, first + second, second + first)
    (said,) = changes(finished, FOLDER)
    assert said == "e/ceiling.csv: same cells, but another order of rows or columns"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "runs/e/runs.csv",
            "e,b,label b,,,default,long,2,",
            None,
            "no network of e/b/long, seed 2",
        ),
        ("provenance.json", '"config_sha256": "', '"config_sha256": "0', "of another version of"),
        ("runs/e/ceiling.csv", None, None, "no such file"),
    ],
)
def test_a_run_that_is_not_whole_is_not_kept(
    finished: Plan, name: str, old: str | None, new: str | None, message: str
) -> None:
    path = finished.results / name
    if old is None:
        path.unlink()
    elif new is None:
        row = next(line for line in path.read_text().splitlines() if line.startswith(old))
        edit(path, row + "\n", "")
    else:
        edit(path, old, new)
    with pytest.raises(InputError, match=message) as refused:
        keep(finished, FOLDER)
    assert str(refused.value).startswith(f"{path}: ") and not FOLDER.exists()


def test_the_command_fails_if_anything_differs(
    finished: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("spikeloc.release.precomputed.check_folder", lambda _: None)
    Path("slow.yaml").write_text(yaml.safe_dump(CONFIG))
    for compare in ([], ["--compare"]):
        monkeypatch.setattr(sys, "argv", ["precomputed", "slow.yaml", str(FOLDER), *compare])
        main()
    assert capsys.readouterr().out.splitlines() == [
        "resources/slow: 7 files kept",
        "results/slow: the same bytes as resources/slow",
    ]
    edit(finished.experiment_file("e", "convergence"), "long,30,2,60.5,55", "long,30,2,60.25,55")
    with pytest.raises(SystemExit, match="error: results/slow differs from resources/slow"):
        main()
    assert "column accuracy: kept 60.5, made 60.25" in capsys.readouterr().out


@pytest.mark.parametrize("origin", sorted(ROOT.glob("resources/*/origin.json")), ids=str)
def test_what_the_project_keeps_is_whole_and_of_its_config(origin: Path) -> None:
    check_precomputed(origin.parent)
    kept = json.loads(origin.read_text(encoding="utf-8"))
    plan = Plan(load_config(ROOT / "config" / f"{kept['config']}.yaml"))
    assert kept["config_sha256"] == config_hash(plan.config)
    assert [*precomputed_tables(origin.parent)] == [*plan.config.experiments]

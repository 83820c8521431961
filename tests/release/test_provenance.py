"""Where results come from: the origin, a function of config and code, and the machine's part."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typeset import compiled
from workflow_project import ROOT, Project

from spikeloc.config.expansion import expand
from spikeloc.config.loading import load_config
from spikeloc.io.errors import InputError
from spikeloc.release.origin import PACKAGES, config_hash, origin
from spikeloc.release.provenance import span, times

CONFIG = load_config(ROOT / "config/quick.yaml")


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/model.py").write_text("TAU_MS = 5\n")
    (tmp_path / "README.md").write_text("old\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return tmp_path


def test_commit_is_the_last_that_touched_a_source(checkout: Path) -> None:
    first = git(checkout, "rev-parse", "HEAD").strip()
    assert re.fullmatch("[0-9a-f]{40}", first)
    assert (origin(CONFIG, checkout, "1.0")["commit"], first) == (first, first)
    (checkout / "README.md").write_text("new\n")
    assert origin(CONFIG, checkout, "1.0")["clean"] is True  # what is no source is no change
    git(checkout, "commit", "--quiet", "--all", "--message", "second")
    assert origin(CONFIG, checkout, "1.0")["commit"] == first
    (checkout / "src/model.py").write_text("TAU_MS = 20\n")
    assert origin(CONFIG, checkout, "1.0")["clean"] is False
    git(checkout, "commit", "--quiet", "--all", "--message", "third")
    found = origin(CONFIG, checkout, "1.0")
    assert (found["commit"], found["clean"]) == (git(checkout, "rev-parse", "HEAD").strip(), True)


def test_new_source_is_a_change(checkout: Path) -> None:
    (checkout / "src/more.py").write_text("")
    assert origin(CONFIG, checkout, "1.0")["clean"] is False


def test_without_version_control_there_is_no_commit(tmp_path: Path) -> None:
    found = origin(CONFIG, tmp_path, "1.0")
    assert (found["commit"], found["clean"]) == (None, None)
    assert list(found["packages"]) == PACKAGES
    assert all(re.fullmatch(r"[\d.]+", version) for version in found["packages"].values())


def test_config_hash_is_of_what_the_config_says(tmp_path: Path) -> None:
    text = (ROOT / "config/quick.yaml").read_text(encoding="utf-8")
    for content, same in (
        ("# a comment\n" + text, True),
        (text.replace("tau_ms: 5", "tau_ms: 6", 1), False),
    ):
        (tmp_path / "config.yaml").write_text(content, encoding="utf-8")
        changed = config_hash(load_config(tmp_path / "config.yaml"))
        assert (changed == config_hash(CONFIG)) == same


def test_times_are_summed_by_rule(tmp_path: Path) -> None:
    for name, line in (
        ("a", '{"s": 2.5, "cpu_time": 2.0, "max_rss": 100.4}'),
        ("b", '{"s": 0.25, "cpu_time": 0, "max_rss": "NA"}'),
        ("old", '{"s": 99, "cpu_time": 99, "max_rss": 99}'),
    ):
        (tmp_path / "train").mkdir(exist_ok=True)
        (tmp_path / f"train/{name}.jsonl").write_text(line + "\n")
    pattern = re.escape(f"{tmp_path.as_posix()}/train/") + "(a|b)" + re.escape(".jsonl")
    assert times(tmp_path, {"train": pattern, "paper": "none"}) == {
        "train": {"jobs": 2, "wall_seconds": 2.75, "cpu_seconds": 2.0, "most_memory_mib": 100}
    }
    for number, name in enumerate(("b", "old", "a")):
        os.utime(tmp_path / f"train/{name}.jsonl", (0, 60 * number))
    # b took a quarter of a second until 0:00:00, a two and a half until 0:02:00
    assert span(tmp_path, {"train": pattern}) == {
        "started": "1969-12-31T23:59:59+00:00",
        "ended": "1970-01-01T00:02:00+00:00",
    }
    assert span(tmp_path, {"train": "none"}) == {"started": None, "ended": None}
    (tmp_path / "train/b.jsonl").write_text("{")
    with pytest.raises(InputError, match=r"b\.jsonl: damaged"):
        times(tmp_path, {"train": pattern})


def test_provenance_of_the_quick_run(quick: Project) -> None:
    text = (quick.folder / "results/quick/provenance.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found["config_sha256"] == config_hash(CONFIG)
    assert found["machine"]["processor"] and found["machine"]["backend"] in {"native", "reference"}
    ensembles = {run.parameters.network_name(CONFIG.seeds) for run in expand(CONFIG)}
    rules = found["rules"]
    assert rules["networks"]["jobs"] == len(ensembles)
    assert rules["networks"]["cpu_seconds"] > 0 and rules["document"]["jobs"] == 1
    assert found["wall_seconds"] == pytest.approx(
        sum(each["wall_seconds"] for each in rules.values())
    )
    assert found["started"] < found["ended"]
    assert set(rules) >= {"manifest", "ideal_observer", "panel", "tables", "numbers"}


def test_paper_names_its_origin_and_no_machine(quick: Project, tmp_path: Path) -> None:
    for folder in ("paper", "figures/quick", "results/quick/tables"):
        shutil.copytree(quick.folder / folder, tmp_path / folder)
    for name in ("config.yaml", "origin.json"):  # and no provenance.json
        shutil.copy(quick.folder / "results/quick" / name, tmp_path / "results/quick")
    place = tmp_path / "results/quick/origin.json"
    before = json.loads(place.read_text(encoding="utf-8"))
    other_packages = before["packages"] | {"torch": "9.9.9"}
    changes: list[dict[str, object]] = [
        {},
        {"commit": "c0ffee" * 7, "clean": True},
        {"commit": "c0ffee" * 7, "clean": False},
        {"config_sha256": "c0ffee" * 11},
        {"packages": other_packages},
    ]
    papers = []
    for change in changes:
        place.write_text(json.dumps(before | change), encoding="utf-8")
        papers.append(compiled(Project(tmp_path), tmp_path))
    assert len(set(papers)) == len(papers)

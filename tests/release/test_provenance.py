"""Where results come from: the origin, a function of config and code, and the machine's part."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typeset import compiled
from workflow_project import ROOT, Project

from spikeloc.config.expansion import expand
from spikeloc.config.loading import load_config
from spikeloc.io.errors import InputError
from spikeloc.release.origin import (
    PACKAGES,
    SOURCES,
    config_hash,
    origin,
    source_files,
    sources_hash,
)
from spikeloc.release.provenance import checkout, span, times

CONFIG = load_config(ROOT / "config/quick.yaml")


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(autouse=True)
def unconfigured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git without the settings of the user and of the machine, such as signatures."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "src").mkdir(parents=True)
    (folder / "src/model.py").write_text("TAU_MS = 5\n")
    (folder / "README.md").write_text("old\n")
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def commit(folder: Path) -> str:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "a change")
    return git(folder, "rev-parse", "HEAD").strip()


def test_every_copy_of_the_sources_has_their_hash(repository: Path, tmp_path: Path) -> None:
    for number in range(3):  # whose last touches no source
        (repository / "README.md").write_text(f"{number}\n")
        commit(repository)
    full = sources_hash(repository)
    copies = [tmp_path / name for name in ("shallow", "plain")]
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), str(copies[0]))
    shutil.copytree(repository, copies[1], ignore=shutil.ignore_patterns(".git"))
    assert git(copies[0], "rev-list", "--count", "HEAD").strip() == "1"
    assert [sources_hash(copy) for copy in copies] == [full, full]


def test_the_hash_is_of_sources_and_not_of_what_is_made_from_them(repository: Path) -> None:
    before = sources_hash(repository)
    for made in (
        "src/model.so",
        "src/__pycache__/model.pyc",
        "src/spikeloc.egg-info/requires.txt",
        "src/.ipynb_checkpoints/model.py",
        "paper/paper.pdf",
        "paper/.paper.pdf.sha256",
        "config/own.yaml",  # which has its own hash
        "notes.py",
    ):
        (repository / made).parent.mkdir(exist_ok=True)
        (repository / made).write_text("made")
        assert sources_hash(repository) == before, made
    for path in ("src/model.py", "src/more.py", "paper/paper.typ", "setup.py"):
        (repository / path).write_text("another source\n")
        assert sources_hash(repository) != before, path
        before = sources_hash(repository)
    (repository / "src/more.py").rename(repository / "src/other.py")
    assert sources_hash(repository) != before


def test_all_of_the_project_that_can_change_a_result_is_a_source() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    kept = {ROOT / path for path in git(ROOT, "ls-files", "--", *SOURCES).split()}
    found = {path for path in source_files(ROOT) if path.exists()}
    left_out = {path.suffix for path in kept - found}
    assert left_out == {
        ".json",
        ".md",
        ".pyi",
        ".rst",
        ".ts",
        ".typed",
    }  # schema and verification; texts; types


def test_a_source_that_cannot_be_read_is_named(repository: Path) -> None:
    (repository / "src/broken.py").symlink_to("nowhere")
    with pytest.raises(InputError, match=r"src/broken\.py: no such file"):
        sources_hash(repository)


def test_origin_is_of_config_sources_and_packages(repository: Path) -> None:
    found = origin(CONFIG, repository, "1.0")
    assert found["sources_sha256"] == sources_hash(repository)
    assert list(found["packages"]) == PACKAGES
    assert all(re.fullmatch(r"[\d.]+", version) for version in found["packages"].values())


def test_package_that_is_missing_is_named(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spikeloc.release.origin.PACKAGES", ["numpy", "no-such-package"])
    with pytest.raises(InputError, match="no-such-package is not installed"):
        origin(CONFIG, repository, "1.0")


def test_commit_is_the_one_that_is_checked_out(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD").strip()
    known = {"version_control": "git", "commit": head, "clean": True}
    assert checkout(repository) == known
    (repository / "README.md").write_text("new\n")
    assert checkout(repository) == known  # what is no source is no change
    git(repository, "config", "status.showUntrackedFiles", "no")
    (repository / "src/more.py").write_text("")
    assert checkout(repository) == known | {"clean": False}
    assert checkout(repository / "src/..") == known | {"clean": False}
    assert checkout(repository) != checkout(repository) | {"commit": commit(repository)}


def test_outside_version_control_there_is_no_commit(repository: Path, tmp_path: Path) -> None:
    none = {"version_control": "none", "commit": None, "clean": None}
    assert checkout(tmp_path) == none
    inside = repository / "downloads"  # whose repository knows nothing of these sources
    (inside / "src").mkdir(parents=True)
    (inside / "src/model.py").write_text("TAU_MS = 5\n")
    assert checkout(inside) == none


def unborn(folder: Path) -> None:
    shutil.rmtree(folder / ".git")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")


def elsewhere(folder: Path) -> None:
    """A working tree whose repository was not copied with it, as in a container."""
    shutil.rmtree(folder / ".git")
    (folder / ".git").write_text("gitdir: /nowhere\n")


def of_another_user(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    for path in (folder, folder / ".git"):
        os.chown(path, 65534, 65534)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (unborn, "ambiguous argument 'HEAD'"),
        (elsewhere, "not a git repository: /nowhere"),
        (of_another_user, "dubious ownership"),
    ],
)
def test_git_that_cannot_say_is_not_taken_for_none(
    repository: Path, change: Callable[[Path], None], said: str
) -> None:
    change(repository)
    found = checkout(repository)
    assert found["version_control"].startswith("unknown: git says") and said in str(found)
    assert (found["commit"], found["clean"]) == (None, None)


def test_git_that_is_not_installed_is_not_taken_for_none(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert checkout(repository)["version_control"] == "unknown: git is not installed"


def test_git_is_asked_about_this_folder_only(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = checkout(repository)
    other = tmp_path / "other"
    (other / "src").mkdir(parents=True)
    (other / "src/other.py").write_text("")
    git(other, "init", "--quiet")
    commit(other)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))  # as in a hook
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert checkout(repository) == known


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
        ("b", '{"s": 0.25, "cpu_time": "NA", "max_rss": "NA"}'),
        ("old", '{"s": 99, "cpu_time": 99, "max_rss": 99}'),
    ):
        (tmp_path / "train").mkdir(exist_ok=True)
        (tmp_path / f"train/{name}.jsonl").write_text(line + "\n")
    pattern = re.escape(f"{tmp_path.as_posix()}/train/") + "(a|b)" + re.escape(".jsonl")
    assert times([tmp_path], {"train": pattern, "paper": "none"}) == {
        "train": {"jobs": 2, "wall_seconds": 2.75, "cpu_seconds": 2.0, "most_memory_mib": 100}
    }
    (short,) = times([tmp_path], {"train": pattern.replace("(a|b)", "b")}).values()
    assert (short["cpu_seconds"], short["most_memory_mib"]) == (None, None)  # not 0
    for number, name in enumerate(("b", "old", "a")):
        os.utime(tmp_path / f"train/{name}.jsonl", (0, 60 * number))
    # b took a quarter of a second until 0:00:00, a two and a half until 0:02:00
    assert span([tmp_path], {"train": pattern}) == {
        "started": "1969-12-31T23:59:59+00:00",
        "ended": "1970-01-01T00:02:00+00:00",
    }
    assert span([tmp_path], {"train": "none"}) == {"started": None, "ended": None}
    (tmp_path / "train/b.jsonl").write_text("{")
    with pytest.raises(InputError, match=r"b\.jsonl: damaged"):
        times([tmp_path], {"train": pattern})


def test_provenance_of_the_quick_run(quick: Project) -> None:
    text = (quick.folder / "results/quick/provenance.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found["config_sha256"] == config_hash(CONFIG)
    assert found["machine"]["processor"] and found["machine"]["backend"] in {"native", "reference"}
    assert found["machine"]["chosen_instructions"] == {}
    ensembles = {run.parameters.network_name(CONFIG.seeds) for run in expand(CONFIG)}
    rules = found["rules"]
    assert rules["networks"]["jobs"] == len(ensembles)
    assert rules["networks"]["cpu_seconds"] > 0 and rules["document"]["jobs"] == 3
    assert found["wall_seconds"] == pytest.approx(
        sum(each["wall_seconds"] for each in rules.values())
    )
    assert found["version_control"] == "none"  # a copy without its repository
    assert found["started"] < found["ended"]
    assert set(rules) >= {"manifest", "ideal_observer", "panel", "tables", "numbers"}


def test_paper_names_its_origin_and_no_machine(quick: Project, tmp_path: Path) -> None:
    for folder in ("paper", "figures/quick", "results/quick/tables", "resources"):
        shutil.copytree(quick.folder / folder, tmp_path / folder)
    for name in ("config.yaml", "origin.json"):  # and no provenance.json
        shutil.copy(quick.folder / "results/quick" / name, tmp_path / "results/quick")
    shutil.copy(quick.folder / "CITATION.cff", tmp_path)
    place = tmp_path / "results/quick/origin.json"
    before = json.loads(place.read_text(encoding="utf-8"))
    other_packages = before["packages"] | {"torch": "9.9.9"}
    changes: list[dict[str, object]] = [
        {},
        {"sources_sha256": "c0ffee" * 11},
        {"config_sha256": "c0ffee" * 11},
        {"packages": other_packages},
    ]
    papers = []
    for change in changes:
        place.write_text(json.dumps(before | change), encoding="utf-8")
        papers.append(compiled(Project(tmp_path), tmp_path))
    assert len(set(papers)) == len(papers)

"""What users write behind `make`, and where their clone lies, with programs that only say how they
were called."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from configs import ROOT

SAY = f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv))\n"
HOSTILE = [
    "a b [1] {2}",
    "a; touch made",
    "a$(touch made)b",
    "a$(shell touch made)b",
    "`touch made`",
    'it\'s & "this" #',
]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the Makefile and an environment that is up to date."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    programs = tmp_path / ".venv/bin"
    programs.mkdir(parents=True)
    for name in ("requirements.txt", "pyproject.toml", "setup.py", ".venv/.done"):
        (tmp_path / name).touch()
    for name in ("python", "snakemake"):
        (programs / name).write_text(SAY)
        (programs / name).chmod(0o755)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/paper.yaml").touch()
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    outer = {"PYTHON", "ARCHIVE"}
    environment = {name: text for name, text in os.environ.items() if name not in outer}
    return subprocess.run(
        ["make", "--silent", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def called(folder: Path, *arguments: str) -> list[list[str]]:
    """The programs that a target calls, with their arguments."""
    run = make(folder, *arguments)
    assert run.returncode == 0, run.stderr
    calls = [json.loads(line) for line in run.stdout.splitlines()]
    return [[Path(program).name, *rest] for program, *rest in calls]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_shell_looks_into_what_users_write(clone: Path, text: str) -> None:
    written = [f"{name}={text}" for name in ("CONFIG", "TARGET", "ARCHIVE")]
    (clone / text).touch()
    before = sorted(clone.rglob("*"))
    release = ["snakemake", "release", "--configfile", text]
    report = ["snakemake", "--configfile", text, "--report", "results/report.html"]
    assert called(clone, "release", "report", *written) == [release, report]
    unpack = ["python", "-m", "spikeloc.release.archive", text, "--config", text]
    draw = ["snakemake", text, "--configfile", text, "--profile", "profiles/redraw"]
    assert called(clone, "redraw", *written) == [unpack, draw]
    assert sorted(clone.rglob("*")) == before


def test_python_may_lie_anywhere(clone: Path) -> None:
    python = clone / "my $(touch made); python"
    shutil.copy(clone / ".venv/bin/python", python)
    (clone / ".venv/pins/bin").mkdir(parents=True)
    shutil.copy(clone / ".venv/bin/python", clone / ".venv/pins/bin")
    calls = called(clone, "pins", f"PYTHON={python}")
    assert calls == [[python.name, "-m", "venv", ".venv/pins"], ["python", "tools/pins.py"]]
    assert not (clone / "made").exists()


def test_redraw_without_an_archive_says_how_to_call_it(clone: Path) -> None:
    (clone / ".venv/.done").unlink()
    run = make(clone, "redraw")
    assert run.returncode != 0 and run.stdout == ""
    (line,) = run.stderr.splitlines()
    assert "make redraw ARCHIVE=results/spikeloc-paper.zip" in line


@pytest.mark.parametrize("target", ["release", "report", "redraw"])
@pytest.mark.parametrize("config", ["", "config", "confg/paper.yaml"])
def test_a_config_that_is_not_there_is_named_first(clone: Path, target: str, config: str) -> None:
    run = make(clone, target, f"CONFIG={config}", "ARCHIVE=a.zip")
    assert run.returncode != 0 and run.stdout == ""
    said, _ = run.stderr.splitlines()  # and make's own line
    assert said.startswith(f"error: CONFIG={config} is not a file")


ODD = list(" \t;&|<>()*?'\"`\\$")


@pytest.mark.parametrize("character", ODD)
def test_a_folder_that_snakemake_cannot_run_in_is_named_first(clone: Path, character: str) -> None:
    moved = clone.rename(clone.with_name(f"a{character}b"))
    run = make(moved, "paper")
    assert run.returncode != 0 and run.stdout == ""
    (line,) = run.stderr.splitlines()
    assert f'"{moved}": move this folder' in line


KEEPS = ["python", "-m", "spikeloc.release.precomputed"]


def test_the_tables_of_one_config_can_be_kept_alone(clone: Path) -> None:
    kept = [*KEEPS, "config/controls.yaml", "resources/controls"]
    assert called(clone, "kept", "KEPT=controls") == [kept]


def test_all_documents_are_made_one_after_another_until_one_fails(clone: Path) -> None:
    calls = [
        ["snakemake", "--cores", "all", "--configfile", f"config/{name}.yaml"]
        for name in ("paper", "signs", "extended", "controls", "converged")
    ]
    compared = [
        [*KEEPS, f"config/{name}.yaml", f"resources/{name}", "--compare"]
        for name in ("controls", "converged")
    ]
    assert called(clone, "papers") == calls + compared
    (clone / ".venv/bin/snakemake").write_text(f"{SAY}sys.exit('signs' in sys.argv[-1])\n")
    run = make(clone, "papers")
    assert run.returncode != 0 and [json.loads(line)[1:] for line in run.stdout.splitlines()] == [
        each[1:] for each in calls[:2]
    ]


def test_other_folders_are_no_trouble(clone: Path) -> None:
    moved = clone.rename(clone.with_name("é[1],#2{x}=100%~+@!^-:_"))
    assert called(moved, "paper") == [["snakemake", "--cores", "all"]]


def test_arm_needs_a_cross_compiler_and_an_emulator(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = clone / "there"
    there.mkdir()
    (there / "make").symlink_to(shutil.which("make") or "")
    monkeypatch.setenv("PATH", str(there))
    for program in ("aarch64-linux-gnu-g++", "qemu-aarch64-static"):
        run = make(clone, "test-arm")
        assert run.returncode != 0
        assert (
            run.stdout.endswith(": apt-get install g++-aarch64-linux-gnu qemu-user-static\n")
            and run.stdout.count("\n") == 1
        )
        (there / program).write_text(SAY)
        (there / program).chmod(0o755)

"""A full disk: one message, nothing half-written, and the next run goes on."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_project import RUN, tiny_project
from workflow_project import ROOT, Project

from spikeloc.io.errors import InputError
from spikeloc.io.files import atomic_path, write_text

MESSAGE = "no space left on its disk; make room and run again"
JOB = """
from spikeloc.io.files import write_text
from spikeloc.io.job import job_log

with job_log("full/job.log"):
    print("begun")
    write_text("full/table.csv", "x" * 100_000)
"""


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own of 64 kB."""
    folder = tmp_path / "full"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode != 0:
        pytest.skip(f"cannot mount a small disk here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def grow(folder: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


def stops_and_goes_on(project: Project, disk: Path, once: Project) -> None:
    run = project.snakemake(*RUN)
    assert run.returncode != 0
    # said by the job, or by Snakemake if a file of its own was the first without room
    assert "no space left on" in run.stdout.lower() and "Traceback" not in run.stdout
    expected = once.made("tiny")
    assert project.made("tiny").items() <= expected.items()
    grow(disk, "64m")
    again = project.snakemake(*RUN)
    assert again.returncode == 0, again.stdout[-3000:]
    assert project.made("tiny") == expected


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_message_and_the_old_file_stays(tmp_path: Path, code: int) -> None:
    target = tmp_path / "table.csv"
    write_text(target, "old")
    with pytest.raises(InputError, match=f"table.csv: {MESSAGE}"), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise OSError(code, os.strerror(code))
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]


def test_other_errors_of_the_system_are_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), atomic_path(tmp_path / "table.csv"):
        raise PermissionError


@pytest.mark.parametrize("filler", [0, 70_000])
def test_a_job_says_so_in_its_log_or_if_that_is_full_on_the_screen(full: Path, filler: int) -> None:
    with (full / "filler").open("wb") as file:
        try:
            file.write(bytes(filler))
        except OSError:
            assert filler
    done = subprocess.run(
        [sys.executable, "-c", JOB],
        cwd=full.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = done.stderr + ((full / "job.log").read_text() if (full / "job.log").is_file() else "")
    assert MESSAGE in said and "Traceback" not in said, said
    assert {path.name for path in full.iterdir()} <= {"filler", "job.log"}


def test_what_a_log_has_no_room_for_is_said_on_the_screen() -> None:
    job = "print('begun'); raise InputError('this')"
    code = f"from spikeloc.io.errors import InputError\n{JOB.split('with job_log')[0]}"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}with job_log('/dev/full'): {job}"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert {*done.stderr.splitlines()} == {"begun", "error: this"}


@pytest.mark.slow
def test_a_run_on_a_full_disk_stops_and_goes_on_when_there_is_room(
    full: Path, once: Project, tmp_path: Path
) -> None:
    project = tiny_project(tmp_path / "copy")
    (project.folder / "results").symlink_to(full)
    stops_and_goes_on(project, full, once)


@pytest.mark.slow
@pytest.mark.parametrize("free_kb", [0, 4, 12, 60, 300])
def test_snakemake_too_says_that_the_disk_is_full(full: Path, once: Project, free_kb: int) -> None:
    grow(full, "64m")
    project = tiny_project(full / "copy")  # with what Snakemake keeps of its own
    used_kb = sum(path.stat().st_blocks for path in full.rglob("*")) // 2
    grow(full, f"{used_kb + free_kb}k")
    stops_and_goes_on(project, full, once)

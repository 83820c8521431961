"""What surrounds a job's work: its log, its checked inputs, the checksums of its outputs."""

import subprocess
import sys
from pathlib import Path

import pytest

from spikeloc.io.checksums import checksum_path, verify_checksum, write_checksum

# A process of its own, since the job's log takes the place of stdout until the process ends.
JOB = """
from pathlib import Path
from types import SimpleNamespace
from spikeloc.io.errors import InputError
from spikeloc.io.job import running
job = SimpleNamespace(input=["in.csv", "source.txt"], output=["out.csv"], log=["logs/job.txt"])
with running(job, {made}):
    print("at work")
    Path("out.csv").write_text("a")
    {last}
"""


def run(folder: Path, made: str = '["in.csv"]', last: str = "") -> subprocess.CompletedProcess[str]:
    """Do a job that reads a file of another job and one that no job has made."""
    (folder / "source.txt").write_text("by hand")
    code = JOB.format(made=made, last=last)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("a")
    write_checksum(Path("in.csv"))
    return tmp_path


def test_a_job_writes_its_log_and_its_outputs_checksums(folder: Path) -> None:
    done = run(folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert Path("logs/job.txt").read_text() == "at work\n"
    verify_checksum(Path("out.csv"))


def test_a_damaged_input_stops_a_job_before_its_work(folder: Path) -> None:
    Path("in.csv").write_text("b")
    assert run(folder).returncode == 1
    log = Path("logs/job.txt").read_text()
    assert log.startswith("error: in.csv: ") and "at work" not in log


def test_all_inputs_are_checked_unless_the_job_says_which_were_made(folder: Path) -> None:
    assert run(folder, made="None").returncode == 1
    assert "source.txt: there is no checksum" in Path("logs/job.txt").read_text()


@pytest.mark.parametrize(
    ("last", "said"),
    [("raise InputError('x: no good')", "error: x: no good"), ("1 / 0", "ZeroDivisionError")],
)
def test_a_job_that_fails_says_why_and_leaves_no_checksum(
    folder: Path, last: str, said: str
) -> None:
    assert run(folder, last=last).returncode == 1
    log = Path("logs/job.txt").read_text()
    assert said in log and ("Traceback" in log) == ("Error" in said)
    assert not checksum_path(Path("out.csv")).exists()

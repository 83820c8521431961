"""What surrounds a job's work: its log, its checked inputs, the checksums of its outputs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spikeloc.io.checksums import checksum_path, verify_checksum, write_checksum
from spikeloc.io.sources import source_hash

# A process of its own, since the job's log takes the place of stdout until the process ends.
JOB = """
import json
from pathlib import Path
from types import SimpleNamespace
from spikeloc.io.errors import InputError
from spikeloc.io.job import running
files = dict(input=["in.csv", "source.txt"], output=["out.csv"], log=["logs/job.txt"])
job = SimpleNamespace(**files, params=json.loads(Path("params.json").read_text()))
with running(job, {made}):
    print("at work")
    Path("out.csv").write_text("a")
    {last}
"""


def run(
    folder: Path, made: str = '["in.csv"]', last: str = "", **params: str
) -> subprocess.CompletedProcess[str]:
    """Do a job that reads a file of another job and one that no job has made."""
    (folder / "source.txt").write_text("by hand")
    script = folder / "job.py"
    script.write_text(JOB.format(made=made, last=last))
    (folder / "params.json").write_text(json.dumps({"code": source_hash(script)} | params))
    return subprocess.run(
        [sys.executable, script], cwd=folder, capture_output=True, text=True, check=False
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


@pytest.mark.parametrize(
    "params", [{"code": "0" * 16}, {"module": "spikeloc.plots.panels.trial"}], ids=str
)
def test_a_job_with_other_sources_than_planned_does_nothing(
    folder: Path, params: dict[str, str]
) -> None:
    assert run(folder, **params).returncode == 1
    log = Path("logs/job.txt").read_text()
    assert "are not those that this job was planned with" in log and log.count("\n") == 1
    assert not Path("out.csv").exists()

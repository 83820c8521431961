"""A real Slurm on this machine for the tests, and jobs of a Snakemake run in it."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import psutil
from workflow_project import Project

SANDBOX = Path(__file__).with_name("slurm_sandbox.sh")
# As a user calls it, but with less patience between two looks at the queue.
PROFILE = (
    "--workflow-profile=profiles/slurm",
    "--slurm-status-command=squeue",  # the sandbox has no accounting
    "--slurm-init-seconds-before-status-checks=2",
    "--seconds-between-status-checks=2",
    "--latency-wait=10",
)
Found = TypeVar("Found")  # a job, a process


@dataclass(frozen=True)
class Job:
    """A job as ``squeue`` shows it: what it asked for, and what became of it."""

    number: str
    state: str
    partition: str
    memory: str
    time_limit: str
    comment: str  # the rule and its wildcards


@dataclass
class Slurm:
    """The sandbox in its folder."""

    folder: Path

    def control(self, command: str) -> None:
        """Call the sandbox's script."""
        subprocess.run([SANDBOX, command, self.folder], check=True, timeout=120)

    def jobs(self, rule: str) -> list[Job]:
        """All jobs of a rule, oldest first, finished ones too."""
        queue = subprocess.run(
            ["squeue", "--noheader", "--states=all", "--sort=i", "--format=%i|%T|%P|%m|%l|%k"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=60,
        )
        jobs = [Job(*line.split("|")) for line in queue.stdout.splitlines()]
        return [job for job in jobs if job.comment.startswith(f"rule_{rule}_")]

    def waits_or_runs(self, number: str) -> bool:
        """Whether a job has not ended yet."""
        queue = subprocess.run(
            ["squeue", "--noheader", f"--job={number}"],
            stdout=subprocess.PIPE,
            check=True,
            timeout=60,
        )
        return bool(queue.stdout)


def why_not() -> str:
    """What this machine lacks for the sandbox, or nothing."""
    missing = [name for name in ("sbatch", "squeue") if shutil.which(name) is None]
    try:
        import snakemake_executor_plugin_slurm  # noqa: F401
    except ImportError:
        missing.append("snakemake-executor-plugin-slurm (requirements-cluster.txt)")
    return f"{', '.join(missing)} missing" if missing else ""


@dataclass
class Running:
    """A Snakemake run in the background, for a ``with`` block: stopped if that fails."""

    project: Project
    arguments: tuple[str, ...]
    log: Path = field(init=False)
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.project.folder / "slurm-run.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "snakemake", *PROFILE, *self.arguments],
                cwd=self.project.folder,
                env=self.project.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def wait_for(self, look: Callable[[], Found | None]) -> Found:
        """Look until something is found; the run must not end before."""
        while True:
            found = look()
            if found:
                return found
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def end(self) -> tuple[int, str]:
        """Exit status, and all that was printed."""
        return self.process.wait(), self.log.read_text()


def script_of(job: Job, script: str) -> psutil.Process | None:
    """The process in which a running job computes, once it is there."""
    for process in psutil.process_iter():
        try:
            called = [Path(argument).name for argument in process.cmdline()]
            if (
                any(name.endswith(f".{script}") for name in called)
                and process.environ().get("SLURM_JOB_ID") == job.number
            ):
                return process
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return None

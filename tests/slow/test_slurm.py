"""The workflow through a real Slurm, and what goes wrong there: `make test-slurm`."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slurm_cluster import PROFILE, SANDBOX, Job, Running, Slurm, script_of, why_not
from workflow_project import QUICK, Project

pytestmark = pytest.mark.slow

FAULTY = """
name: faulty
seeds: [1, 2]
stimulus: {fibres_per_ear: 10}
network: {hidden_units: 5}
training: {training_samples: 40, validation_samples: 20, test_samples: 20, batch_size: 16,
  epochs: 20}
ideal_observer: {samples: 200}
recipes:
  dale: {network: {w1: {signs: dale}, w2: {signs: dale}}}
variants:
  corrected: {stimulus: {phase: per_sample}}
experiments:
  fraction:
    recipe: dale
    variants: [corrected]
    vary: network.w1.inhibitory_fraction
    values: [0, 0.25, 0.5, 0.75]
"""
CONFIG = ("--configfile", "faulty.yaml")


@pytest.fixture(scope="module")
def slurm() -> Iterator[Slurm]:
    """Slurm, up and running, for all tests of this file."""
    if lacks := why_not():
        pytest.skip(lacks)
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder:  # its socket needs a short path
        up = subprocess.run([SANDBOX, "up", folder], stderr=subprocess.PIPE, text=True, check=False)
        if up.returncode != 0:
            pytest.skip(up.stderr)
        try:
            yield Slurm(Path(folder))
        finally:
            subprocess.run([SANDBOX, "down", folder], check=True)


def faulty(folder: Path) -> Project:
    project = Project.copy_to(folder)
    (project.folder / "faulty.yaml").write_text(FAULTY)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return faulty(tmp_path / "slurm")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the faulty config makes without Slurm and without faults."""
    project = faulty(tmp_path_factory.mktemp("undisturbed"))
    run = project.snakemake("--cores", "all", *CONFIG)
    assert run.returncode == 0, run.stdout
    return project.made("faulty")


def computing(slurm: Slurm, but: set[str]) -> Job | None:
    """A training job that computes, of another network than these."""
    jobs = [
        job for job in slurm.jobs("networks") if job.state == "RUNNING" and job.comment not in but
    ]
    return next((job for job in jobs if script_of(job, "networks.py")), None)


def send(job: Job, number: signal.Signals) -> None:
    process = script_of(job, "networks.py")
    assert process is not None
    process.send_signal(number)


def test_quick_pipeline_makes_the_same_bytes(quick: Project, slurm: Slurm, tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "slurm")
    run = project.snakemake(*PROFILE, *QUICK)
    assert run.returncode == 0, run.stdout[-5000:]
    assert project.made("quick") == quick.made("quick")
    jobs = slurm.jobs("networks")
    assert len(jobs) == quick.planned("--forceall", *QUICK)["networks"]
    assert {(job.state, job.partition, job.memory) for job in jobs} == {
        ("COMPLETED", "cpu", "5000M")
    }


def test_jobs_that_are_cancelled_killed_or_out_of_time_are_tried_again(
    slurm: Slurm, project: Project, undisturbed: dict[str, str]
) -> None:
    before = len(slurm.jobs("networks"))
    with Running(project, CONFIG) as run:
        late = run.wait_for(lambda: computing(slurm, set()))
        send(late, signal.SIGSTOP)  # hangs until the end of its time, of which there is a minute
        subprocess.run(["scontrol", "update", f"JobId={late.number}", "TimeLimit=1"], check=True)
        cancelled = run.wait_for(lambda: computing(slurm, {late.comment}))
        subprocess.run(["scancel", cancelled.number], check=True)
        killed = run.wait_for(lambda: computing(slurm, {late.comment, cancelled.comment}))
        send(killed, signal.SIGKILL)  # as the kernel does when memory is out
        slurm.control("stop-controller")
        time.sleep(5)  # a few looks at the queue go unanswered
        slurm.control("start-controller")
        status, said = run.end()
    assert status == 0, said
    assert project.made("faulty") == undisturbed
    states = {late.comment: "TIMEOUT", cancelled.comment: "CANCELLED", killed.comment: "FAILED"}
    tries = slurm.jobs("networks")[before:]
    for network, state in states.items():
        first, second = (job for job in tries if job.comment == network)
        assert (first.state, second.state) == (state, "COMPLETED")
        assert f"SLURM-job '{first.number}' failed, SLURM status is: '{state}'" in said
        assert (first.memory, second.memory) == ("5000M", "10000M")
        assert second.time_limit == "2:00:00"
    assert len(tries) == 4 + len(states)


def test_failed_run_says_so_and_the_next_call_finishes_it(
    slurm: Slurm, project: Project, undisturbed: dict[str, str]
) -> None:
    before = len(slurm.jobs("networks"))
    with Running(project, (*CONFIG, "--retries=0")) as run:
        cancelled = run.wait_for(lambda: computing(slurm, set()))
        subprocess.run(["scancel", cancelled.number], check=True)
        status, said = run.end()
    assert status != 0
    assert f"SLURM-job '{cancelled.number}' failed, SLURM status is: 'CANCELLED'" in said
    assert "Traceback" not in said
    again = project.snakemake(*PROFILE, *CONFIG)
    assert again.returncode == 0, again.stdout
    assert len(slurm.jobs("networks")) == before + 5  # four networks, one of them twice
    assert project.made("faulty") == undisturbed


def test_unreachable_controller_is_named_and_the_next_call_finishes(
    slurm: Slurm, project: Project, undisturbed: dict[str, str]
) -> None:
    slurm.control("stop-controller")
    try:
        run = project.snakemake(*PROFILE, *CONFIG)
    finally:
        slurm.control("start-controller")
    assert run.returncode != 0
    assert "Unable to contact slurm controller" in run.stdout
    again = project.snakemake(*PROFILE, *CONFIG)
    assert again.returncode == 0, again.stdout
    assert project.made("faulty") == undisturbed


def allocate(project: Project, *options: str) -> tuple[str, Path]:
    """Submit the script for one allocation: the job's number and log."""
    path = f"{Path(sys.executable).parent}:{project.environment()['PATH']}"
    log = "--output=allocation-%j.log"
    submitted = subprocess.run(
        ["sbatch", "--parsable", "-c2", log, *options, "profiles/allocation.sh", *CONFIG],
        cwd=project.folder,
        env=project.environment(PATH=path),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    number = submitted.stdout.strip()
    return number, project.folder / f"allocation-{number}.log"


def test_allocation_that_ends_too_early_is_finished_by_the_next(
    slurm: Slurm, project: Project, undisturbed: dict[str, str]
) -> None:
    number, log = allocate(project)
    while not log.exists() or "Train " not in log.read_text():
        assert slurm.waits_or_runs(number), log.read_text()
        time.sleep(0.1)
    # what Slurm sends five minutes before the end
    subprocess.run(["scancel", "--signal=TERM", "--batch", number], check=True)
    while slurm.waits_or_runs(number):
        time.sleep(0.5)
    assert not (project.folder / "results/faulty/tables/runs.csv").exists()
    allocate(project, "--wait")
    assert project.made("faulty") == undisturbed


def test_cuda_job_gets_a_gpu_and_says_that_there_is_none(slurm: Slurm, project: Project) -> None:
    arguments = (*CONFIG, "--config", "device=cuda", "--retries=0")
    run = project.snakemake("results/faulty/runs/fraction/runs.csv", *PROFILE, *arguments)
    assert run.returncode != 0
    assert "device: cuda is configured, but this machine has no CUDA device" in run.stdout
    assert {job.partition for job in slurm.jobs("networks")[-4:]} == {"gpu"}

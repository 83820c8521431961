"""What is known at the start stops a run there, with one message, and what is deleted is gone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import psutil
import pytest
import torch
from tiny_project import RUN, TINY, tiny_project
from workflow_project import ROOT, Project

TEXT = "documents: [{source: paper/paper.typ, claims: paper/claims.yaml}]\n"
LONG = "a" * 5000
SHARED = ("results/networks/", "results/stimuli/")


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    return tiny_project(tmp_path / "copy")


def stopped(project: Project, *arguments: str, **variables: str) -> str:
    """What a run says that does no job."""
    run = project.snakemake(*arguments, *RUN, **variables)
    assert run.returncode != 0
    assert "Traceback" not in run.stdout and "Job 1" not in run.stdout
    assert not (project.folder / "results").is_dir()
    return run.stdout


def test_sources_are_those_beside_the_snakefile(tiny: Project, tmp_path: Path) -> None:
    said = stopped(tiny, PYTHONPATH=str(ROOT / "src"))  # as with the environment of another clone
    assert f"the active environment has the sources in {ROOT}/src/spikeloc" in said
    (tmp_path / "old/spikeloc").mkdir(parents=True)
    (tmp_path / "old/spikeloc/__init__.py").write_text("")  # of a version without the check
    assert "use this folder's own environment" in stopped(tiny, PYTHONPATH=str(tmp_path / "old"))


def test_folder_is_that_of_the_snakefile(tiny: Project) -> None:
    other = tiny_project(tiny.folder.parent / "other")
    said = stopped(other, "--snakefile", str(tiny.folder / "Snakefile"))
    assert f"start snakemake in the project's folder, {tiny.folder}" in said


def test_an_archive_is_unpacked_by_the_sources_of_its_folder(tiny: Project) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "spikeloc.release.archive", "a.zip", "--config", "tiny.yaml"],
        cwd=tiny.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith(f"error: the active environment has the sources in {ROOT}")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes safely")
def test_jobs_start_as_copies_of_a_process(tiny: Project) -> None:
    script = tiny.folder / "workflow/scripts/manifest.py"
    look = "import psutil; print(psutil.Process().parent().cmdline())"
    script.write_text(f"{script.read_text()}\n{look}\n1 / 0")
    run = tiny.snakemake("results/tiny/tables/runs.csv", *RUN)
    assert run.returncode != 0
    place = f'CalledProcessError in file "{tiny.folder}/workflow/rules/stimuli.smk", line '
    assert place in run.stdout and "exit status 1" in run.stdout
    (log,) = (tiny.folder / "results/logs/stimuli").rglob("*.log")
    assert "spikeloc.io.fork_server" in log.read_text()
    assert "ZeroDivisionError" in log.read_text()


def test_sources_that_change_during_a_run_stop_the_jobs_that_use_them(tiny: Project) -> None:
    edit = "\nopen('src/spikeloc/statistics/summaries.py', 'a').write('# edited')\n"
    script = tiny.folder / "workflow/scripts/manifest.py"
    script.write_text(script.read_text() + edit)  # an edit while the first jobs are running
    run = tiny.snakemake("results/tiny/tables/runs.csv", *RUN)
    assert run.returncode != 0
    assert "Error in rule experiment_tables:" in run.stdout and "Traceback" not in run.stdout
    assert "are not those that this job was planned with" in run.stdout
    assert len(list(tiny.folder.glob("results/tiny/runs/fraction/*/*/weights.safetensors"))) == 2
    assert not (tiny.folder / "results/tiny/runs/fraction/summary.csv").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: tiny", "name: tiny\ndevice: cuda", "this machine has no CUDA device that torch"),
        ("name: tiny", "name: tiny\ndevice: cuda\nbackend: native", "does not run on 'cuda'"),
        ("ear: 10", "ear: 10000, duration_ms: 100000", "take at least 60.0 GB of memory; "),
        ("name: tiny", f"{TEXT}name: tiny", "paper/paper.typ needs the table '"),
        (
            "name: tiny",
            f"documents: [{{source: {LONG}.typ, claims: a}}]\nname: tiny",
            "tiny.yaml: documents.0.source: String should have at most 200 characters",
        ),
    ],
    ids=["device", "device and core", "memory", "text", "long name"],
)
def test_condition_is_found_before_the_first_job(
    tiny: Project, old: str, new: str, message: str
) -> None:
    if "device" in new and torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    if "GB" in message and psutil.virtual_memory().total > 50e9:
        pytest.skip("there is so much memory")
    (tiny.folder / "tiny.yaml").write_text(TINY.replace(old, new))
    assert message in stopped(tiny)


def without_core(package: Path) -> None:
    for path in package.glob("native/_core*.so"):
        path.unlink()


def broken_core(package: Path) -> None:
    without_core(package)
    (package / f"native/_core{EXTENSION_SUFFIXES[0]}").write_bytes(b"no library")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without_core, "backend: spikeloc was installed without its native core"),
        (broken_core, "backend: spikeloc cannot load its native core ("),
    ],
)
def test_core_that_is_not_there_is_not_one_that_is_broken(
    tiny: Project, change: Callable[[Path], None], message: str
) -> None:
    change(tiny.folder / "src/spikeloc")
    (tiny.folder / "tiny.yaml").write_text(
        TINY.replace("name: tiny", "name: tiny\nbackend: native")
    )
    assert message in stopped(tiny)
    assert tiny.planned(*RUN)["networks"] == 2  # a plan can be made anywhere


def test_file_in_the_place_of_a_folder_is_named(tiny: Project) -> None:
    (tiny.folder / "figures").write_text("")
    assert "figures: is a file where outputs need a folder" in stopped(tiny)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, for a read-only file system")
@pytest.mark.parametrize("place", [".", "figures"])
def test_read_only_folder_is_named(tiny: Project, place: str) -> None:
    (tiny.folder / place).mkdir(exist_ok=True)
    mount = f"mount --bind {place} {place} && mount -o remount,ro,bind {place} && cd $PWD"
    if subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
        pytest.skip("no mounts here")
    inside = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$0" "$@"']
    run = subprocess.run(
        [*inside, sys.executable, "-B", "-m", "snakemake", *RUN],
        cwd=tiny.folder,
        env=tiny.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    named = tiny.folder if place == "." else "figures/tiny"
    assert run.returncode != 0 and "Traceback" not in run.stdout
    assert f"{named}: cannot be written (Read-only file system)" in run.stdout
    assert not (tiny.folder / "results").exists()


def test_of_outputs_that_are_deleted_only_what_configs_share_is_left(
    once: Project, tmp_path: Path
) -> None:
    shutil.copytree(once.folder, tmp_path / "copy")
    project = Project(tmp_path / "copy")
    made = project.made("tiny")
    assert project.snakemake("--delete-all-output", "--dry-run", *RUN).returncode == 0
    assert project.made("tiny") == made
    assert project.snakemake("--delete-all-output", *RUN).returncode == 0
    shared = {path: content for path, content in made.items() if path.startswith(SHARED)}
    assert shared and project.made("tiny") == shared
    left = {path.relative_to(project.folder).parts[:3] for path in project.folder.glob("*/tiny/*")}
    assert left == {("results", "tiny", "logs"), ("results", "tiny", "benchmarks")}

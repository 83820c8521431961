"""Stimuli and trained networks, which configs have in common: what one config does to another."""

import json
import shutil
import time
from pathlib import Path

import pandas as pd
import pytest
from tiny_project import RUN, TINY
from workflow_project import SHARED, Project

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan

# One condition of the tiny config, and one of its own.
OTHER = TINY.replace("name: tiny", "name: other").replace("[0, 0.5]", "[0.5, 0.75]")
OTHERS = ("--cores", "2", "--configfile", "other.yaml")
TABLE = "tables/runs.csv"


@pytest.fixture(scope="module")
def two(once: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy in which one config has been run to the end, with another one."""
    folder = tmp_path_factory.mktemp("two") / "copy"
    shutil.copytree(once.folder, folder)
    (folder / "other.yaml").write_text(OTHER)
    (folder / "third.yaml").write_text(OTHER.replace("name: other", "name: third"))
    return Project(folder)


def changed(project: Project) -> dict[Path, int]:
    """When each shared file was written."""
    files = [path for top in SHARED for path in (project.folder / top).rglob("*")]
    return {path: path.stat().st_mtime_ns for path in files if path.is_file()}


def test_two_configs_at_once_and_one_after_another(two: Project) -> None:
    before, plan = changed(two), Plan(load_config(two.folder / "other.yaml"))
    (new,) = [name for name in plan.blocks if not (two.folder / plan.networks / name).exists()]
    running = two.start_snakemake(*OTHERS)
    while not (two.folder / "results/logs/networks" / f"{new}.log").exists():
        assert running.poll() is None, "it ended too early"
        time.sleep(0.01)
    running.suspend()  # it holds its lock
    third = two.snakemake(f"results/third/{TABLE}", "--cores", "2", "--configfile", "third.yaml")
    assert third.returncode != 0 and "Error: Directory cannot be locked" in third.stdout
    assert not (two.folder / "results/third" / TABLE).exists()
    (two.folder / "results/tiny" / TABLE).unlink()
    first = two.snakemake(f"results/tiny/{TABLE}", *RUN)  # whose networks are finished
    assert first.returncode == 0, first.stdout
    running.resume()
    assert running.wait() == 0
    # nothing that was there has been made again, and what is shared is the same
    after = changed(two)
    assert before.items() <= after.items()
    assert {path.parent.name for path in after.keys() - before} == {new}
    tables = [pd.read_csv(two.folder / "results" / name / TABLE) for name in ("tiny", "other")]
    rows = [each[each["value"] == 0.5].reset_index(drop=True) for each in tables]
    pd.testing.assert_frame_equal(*rows)
    assert len(rows[0]) == 4
    # provenance counts every network that the results come from, a release none
    provenance = json.loads((two.folder / "results/other/provenance.json").read_text())
    assert provenance["rules"]["networks"]["jobs"] == len(plan.blocks) == 2
    assert provenance["rules"]["manifest"]["jobs"] == 1


def test_deleted_outputs_of_one_config_are_made_from_the_same_networks(two: Project) -> None:
    before = changed(two)
    run = two.snakemake("--delete-all-output", *OTHERS)
    assert run.returncode == 0 and f"Deleting results/other/{TABLE}" in run.stdout, run.stdout
    assert changed(two) == before
    jobs = two.planned(*OTHERS)
    assert jobs["run"] == 2 and not {"networks", "manifest"} & set(jobs)
    assert two.planned(*RUN).keys() <= {"provenance", "all"}


def test_another_implementation_has_networks_of_its_own(two: Project) -> None:
    jobs = two.planned(*RUN, "--config", "backend=reference")
    assert (jobs["networks"], jobs["manifest"]) == (2, 1)

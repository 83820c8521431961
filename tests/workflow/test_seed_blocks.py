"""Runs with more seeds than one job trains: their files, and what more seeds train."""

from pathlib import Path

import pytest
from tiny_project import RUN, TINY, tiny_project
from workflow_project import Project

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.io.files import RUN_FILES
from spikeloc.stimulus.manifests import write_manifest
from spikeloc.training.job import train_and_evaluate
from spikeloc.training.learning_rates import search_rate

TUNED = (
    TINY.replace("[0, 0.5]", "[0.5]") + "    tune: {learning_rates: [0.01, 0.03], seeds: [2001]}\n"
)
CONDITION = "fraction/w1.inhibitory_fraction-0.5/corrected"
FOLDER = Path("results/tiny/runs", CONDITION)


def with_seeds(project: Project, last: int) -> Plan:
    """Give the config the seeds from 1 to this one."""
    path = project.folder / "tiny.yaml"
    path.write_text(TUNED.replace("seeds: [1, 2]", f"seeds: {list(range(1, last + 1))}", 1))
    return Plan(load_config(path))


def make(project: Project) -> None:
    run = project.snakemake(str(FOLDER / "weights.safetensors"), *RUN)
    assert run.returncode == 0, run.stdout[-5000:]


@pytest.fixture(scope="module")
def eleven(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with one run of eleven seeds, two networks each, and a search for its rate."""
    project = tiny_project(tmp_path_factory.mktemp("eleven"))
    with_seeds(project, 11)
    make(project)
    return project


def test_a_run_in_blocks_has_the_bytes_of_one_ensemble(
    eleven: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(eleven.folder)
    plan = with_seeds(eleven, 11)
    run, rates = plan.run(CONDITION), tmp_path / "rates.csv"
    tried = plan.manifest(run.tried[0])
    search_rate(run.parameters, tried, rates, "cpu", "auto")
    outputs = {key: tmp_path / file for key, file in RUN_FILES.items()}
    manifest, seeds = tmp_path / "seeds.json", list(run.seeds)
    write_manifest(manifest, run.parameters.stimulus, seeds, run.parameters.data_sizes())
    train_and_evaluate(run.parameters, seeds, manifest, outputs, "cpu", "auto", rates)
    for name in RUN_FILES.values():
        assert (FOLDER / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_one_more_seed_trains_only_the_last_block(eleven: Project) -> None:
    with_seeds(eleven, 12)
    target = str(FOLDER / "weights.safetensors")
    assert eleven.planned(target, *RUN) == {"manifest": 1, "networks": 1, "run": 1}


def test_a_thousand_seeds_are_a_hundred_jobs(tmp_path: Path) -> None:
    project = tiny_project(tmp_path / "copy")
    with_seeds(project, 1000)
    jobs = project.planned(str(FOLDER / "weights.safetensors"), *RUN)
    assert jobs == {"manifest": 101, "rate_search": 1, "networks": 100, "run": 1}

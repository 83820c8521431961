"""The ten lines of the guide to configs, run to the end at a small size."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from configs import short_config
from workflow_project import Project

from spikeloc.config.yaml_files import read_yaml
from spikeloc.metrics.declared import ON_TEST_DATA

SMALL = """
extends: paper.yaml
stimulus: {fibres_per_ear: 10}
network: {hidden_units: 5}
training: {training_samples: 40, validation_samples: 20, test_samples: 20, epochs: 2}
"""
TESTED = """    panel: {surrogate: {xlabel: Surrogate}, lesion: {kind: tests}}
    tests:
      lesion: {vary: hidden_lesion_share, values: [0, 0.4]}
      phase: {vary: stimulus.phase, values: [per_sample, per_dataset]}
ideal_observer: {samples: 200}
"""
RUN = ("--configfile", "config/mine.yaml")


def copied(folder: Path) -> Project:
    """A copy of the project in which the guide's config extends one of small sizes."""
    project = Project.copy_to(folder)
    text = short_config().replace("extends: paper.yaml", "extends: small.yaml")
    (project.folder / "config/mine.yaml").write_text(text + TESTED)
    (project.folder / "config/small.yaml").write_text(SMALL)
    return project


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copied(tmp_path_factory.mktemp("mine"))
    run = project.snakemake("all", "release", "--cores", "2", *RUN)
    assert run.returncode == 0, run.stdout[-5000:]
    return project


def test_a_sweep_of_words_has_tables_and_a_figure(mine: Project) -> None:
    runs = pd.read_csv(mine.folder / "results/mine/tables/runs.csv")
    assert runs["condition"].unique().tolist() == ["surrogate-sigmoid", "surrogate-superspike"]
    assert set(runs["parameter"]) == {"surrogate"} and runs["value"].isna().all()
    compared = pd.read_csv(mine.folder / "results/mine/tables/comparisons.csv")
    assert set(compared["condition"]) == {"surrogate-superspike"}
    figure = (mine.folder / "figures/mine/surrogate.svg").read_text(encoding="utf-8")
    for text in ("sigmoid", "superspike", "Surrogate", "corrected"):
        assert f">{text}</text>" in figure


def test_networks_are_tested_on_the_data_of_their_scores(mine: Project) -> None:
    tables = mine.folder / "results/mine/tables"
    tests, runs = pd.read_csv(tables / "tests.csv"), pd.read_csv(tables / "runs.csv")
    assert len(tests) == 4 * len(runs)
    for intact in (tests[tests["tested"] == "0"], tests[tests["tested"] == "per_sample"]):
        for metric in ON_TEST_DATA:
            assert intact[metric].tolist() == runs[metric].tolist()
    summary = pd.read_csv(tables / "tests_summary.csv").groupby(["condition", "test", "tested"])
    assert summary.size().tolist() == [len(ON_TEST_DATA)] * 8
    figure = (mine.folder / "figures/mine/lesion.svg").read_text(encoding="utf-8")
    for text in ("sigmoid", "superspike", "Share of hidden units silenced", "one network (of 3)"):
        assert f">{text}</text>" in figure


def test_the_resolved_config_holds_what_was_taken_over(mine: Project) -> None:
    resolved = read_yaml(mine.folder / "results/mine/config.yaml")
    paper = read_yaml(mine.folder / "config/paper.yaml")
    assert "extends" not in resolved and resolved["recipes"] == paper["recipes"]
    assert resolved["network"]["logit_scale"] == paper["network"]["logit_scale"]
    run = resolved["runs"]["surrogate/surrogate-superspike/corrected"]
    assert (run["recipe"], run["network"]["w1"]["signs"]) == ("dale", "dale")
    with zipfile.ZipFile(mine.folder / "results/mine/spikeloc-mine.zip") as archive:
        assert "results/mine/config.yaml" in archive.namelist()


def test_an_edit_of_the_extended_file_is_noticed(mine: Project) -> None:
    assert mine.planned("all", *RUN) == {}
    with mine.edited("config/paper.yaml", "title: Baseline", "title: Another"):
        assert mine.planned("all", *RUN) == {}
    with mine.edited("config/paper.yaml", "logit_scale: 0.01", "logit_scale: 0.02"):
        jobs = mine.planned("all", *RUN)
    counts = [jobs[name] for name in ("networks", "panel", "tests", "resolved_config", "origin")]
    assert counts == [2, 2, 1, 1, 1]
    assert "manifest" not in jobs


def test_it_is_drawn_again_from_its_archive(mine: Project, tmp_path: Path) -> None:
    project = copied(tmp_path / "copy")
    archive = str(mine.folder / "results/mine/spikeloc-mine.zip")
    unpacked = subprocess.run(
        [sys.executable, "-m", "spikeloc.release.archive", archive, "--config", RUN[1]],
        cwd=project.folder, env=project.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert unpacked.returncode == 0, unpacked.stderr
    jobs = project.planned("drawings", *RUN, "--profile", "profiles/redraw")
    assert jobs == {"panel": 2, "drawings": 1}

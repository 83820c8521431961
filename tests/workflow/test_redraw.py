"""Panels and paper from a release, in a fresh copy and without training."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from workflow_project import QUICK, Project

from spikeloc.release.archive import MANIFEST
from spikeloc.release.crate import METADATA

REDRAW = (*QUICK, "--profile", "profiles/redraw")
ARCHIVE = "results/quick/spikeloc-quick.zip"
DRAWING = {"drawings", "panel", "explorer", "claims", "numbers", "document", "resolved_config"}


def unpacked(project: Project, archive: Path, config: str) -> subprocess.CompletedProcess[str]:
    """What `make redraw` does before it draws."""
    return subprocess.run(
        [sys.executable, "-m", "spikeloc.release.archive", str(archive), "--config", config],
        cwd=project.folder,
        env=os.environ | {"PYTHONPATH": str(project.folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def archive(quick: Project) -> Path:
    assert quick.planned("release", *QUICK) == {"release": 1}
    run = quick.snakemake("release", *QUICK)
    assert run.returncode == 0, run.stdout[-3000:]
    return quick.folder / ARCHIVE


@pytest.fixture(scope="module")
def redrawn(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A fresh copy in which everything was drawn from the archive."""
    project = Project.copy_to(tmp_path_factory.mktemp("redrawn"))
    unpacking = unpacked(project, archive, "config/quick.yaml")
    assert unpacking.returncode == 0, unpacking.stderr
    jobs = project.planned("drawings", *REDRAW)
    assert set(jobs) == DRAWING and jobs["document"] == 3
    run = project.snakemake("drawings", *REDRAW)
    assert run.returncode == 0, run.stdout[-3000:]
    return project


def test_release_is_a_few_megabytes(archive: Path) -> None:
    assert archive.stat().st_size < 5_000_000


def test_release_describes_every_file_for_machines(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
        (root,) = (
            entity
            for entity in json.loads(opened.read(METADATA))["@graph"]
            if entity["@id"] == "./"
        )
    assert {part["@id"] for part in root["hasPart"]} == names - {MANIFEST, METADATA}


def test_redrawn_figures_and_paper_are_the_same_bytes(quick: Project, redrawn: Project) -> None:
    for folder, pattern in (("figures/quick", "*"), ("paper", "*.pdf")):
        first, second = (
            {path.name: path.read_bytes() for path in (project.folder / folder).glob(pattern)}
            for project in (quick, redrawn)
        )
        assert first and first == second


def test_nothing_is_drawn_twice(redrawn: Project) -> None:
    assert redrawn.planned("drawings", *REDRAW) == {}


def test_edit_of_a_panel_redraws_it_and_the_paper(redrawn: Project) -> None:
    with redrawn.edited("src/spikeloc/plots/panels/trial.py", "import", "import math\nimport"):
        jobs = redrawn.planned("drawings", *REDRAW)
    assert jobs == {"panel": 1, "document": 3, "drawings": 1}


def test_edit_of_a_claim_checks_it_again(redrawn: Project) -> None:
    with redrawn.edited("paper/claims.yaml", "#", "# edited\n#"):
        jobs = redrawn.planned("drawings", *REDRAW)
    assert jobs == {"claims": 1, "numbers": 1, "document": 3, "drawings": 1}


def test_one_panel_needs_the_archive_and_nothing_else(archive: Path, tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    target = "figures/quick/dale_ratio_test.svg"
    alone = project.snakemake("--dry-run", target, *REDRAW)
    assert alone.returncode != 0 and "Missing input files" in alone.stdout
    assert unpacked(project, archive, "config/quick.yaml").returncode == 0
    assert project.planned(target, *REDRAW) == {"panel": 1}


def test_titles_labels_and_anonymity_may_be_newer_than_the_archive(
    archive: Path, tmp_path: Path
) -> None:
    project = Project.copy_to(tmp_path / "copy")
    config = project.folder / "config/quick.yaml"
    text = config.read_text(encoding="utf-8").replace("label: W1+", 'label: "inputs, +"')
    text = text.replace("title: Baseline", "title: Other title") + "anonymous: true\n"
    config.write_text(text, encoding="utf-8")
    assert unpacked(project, archive, "config/quick.yaml").returncode == 0
    figure, tables = "figures/quick/inhibition_placement.svg", "results/quick/tables"
    targets = (figure, f"{tables}/numbers.json", "results/quick/config.yaml")
    run = project.snakemake(*targets, *REDRAW)
    assert run.returncode == 0, run.stdout[-3000:]
    drawn, numbers, resolved = ((project.folder / path).read_text() for path in targets)
    assert ">inputs, +</text>" in drawn
    labels = json.loads(numbers)["labels"]["inhibition_placement"]
    assert labels["w1_positive"] == "inputs, +"
    assert "anonymous: true" in resolved


def test_archive_of_another_config_is_one_message(archive: Path, tmp_path: Path) -> None:
    project = Project.copy_to(tmp_path / "copy")
    run = unpacked(project, archive, "config/paper.yaml")
    assert run.returncode == 1
    message = f"error: {archive}: made with another config, 'quick', which differs in name, seeds"
    assert run.stderr.startswith(message)
    assert not (project.folder / "results").exists()

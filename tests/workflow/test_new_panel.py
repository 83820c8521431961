"""A new panel is one file: the workflow finds it, plans what it is drawn from and draws it."""

import shutil
from pathlib import Path

from tiny_project import RUN, TINY
from workflow_project import Project

PANEL = '''"""Spread of the accuracy: test accuracy of every network, by seed."""

DRAWN_FROM = {"runs": "runs/{experiment}/runs.csv"}
OPTIONS = {"marker": ("o", "s")}
FACTS = ("chance",)
SIZE_MM = (80.0, 60.0)


def draw(figure, *, runs, marker, chance):
    axes = figure.subplots()
    axes.plot(runs["seed"], runs["test_accuracy"], marker=marker, linestyle="")
    axes.axhline(chance)
'''
WANTED = "    panel: {by_seed: {kind: spread, marker: s}}\n    recipe: dale\n"


def test_a_file_is_enough(once: Project, tmp_path: Path) -> None:
    shutil.copytree(once.folder, tmp_path / "copy")
    project = Project(tmp_path / "copy")
    (project.folder / "src/spikeloc/plots/panels/spread.py").write_text(PANEL)
    (project.folder / "tiny.yaml").write_text(TINY.replace("    recipe: dale\n", WANTED))
    target = "figures/tiny/by_seed.svg"
    assert project.planned(target, *RUN) == {"panel": 1}
    run = project.snakemake(target, *RUN)
    assert run.returncode == 0, run.stdout[-3000:]
    assert "<svg" in (project.folder / target).read_text()

"""Results that are taken along into another clone, as README.md says."""

import subprocess
from pathlib import Path

from tiny_project import RUN, tiny_project
from workflow_project import ROOT, Project


def test_copied_results_are_not_made_again(once: Project, tmp_path: Path) -> None:
    clone = tiny_project(tmp_path / "clone")
    for path in clone.folder.rglob("*"):
        path.touch()  # as in a new clone, every source is newer than the results
    command = ["cp", "-a", "results", ".snakemake"]
    assert f"`{' '.join(command)} <other clone>`" in (ROOT / "README.md").read_text("utf-8")
    subprocess.run([*command, clone.folder], cwd=once.folder, check=True)
    assert clone.planned(*RUN) == {"panel": 1, "provenance": 1, "all": 1}
    with clone.edited("workflow/scripts/networks.py", "# imports", "# it imports"):
        assert clone.planned(*RUN)["networks"] == 2
    with clone.edited("src/spikeloc/networks/neuron.py", "THRESHOLD = 1.0", "THRESHOLD = 1.5"):
        assert clone.planned(*RUN)["networks"] == 2

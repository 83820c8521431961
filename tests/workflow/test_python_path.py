"""An environment from which Snakemake cannot start jobs."""

import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest
from workflow_project import Project


@pytest.mark.parametrize("name", ["a b", "a;b"])
def test_python_that_snakemake_cannot_call_is_named_first(tmp_path: Path, name: str) -> None:
    project = Project.copy_to(tmp_path / "copy")
    folder = tmp_path / name
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/*/site-packages")
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib"))
    run = subprocess.run(
        [folder / "bin/python", "-m", "snakemake", "--cores=1"],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0 and "Traceback" not in run.stderr
    assert f"Snakemake cannot run in the environment of {folder}/bin/python" in run.stderr

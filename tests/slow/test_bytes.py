"""The same bytes wherever, in whatever order, and whatever else is there: `make test-bytes`."""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workflow_project import QUICK, Project

from spikeloc.io.checksums import checksum_path
from spikeloc.io.instruction_sets import X86_INSTRUCTIONS, has_avx2

pytestmark = pytest.mark.slow

# What should not matter: order of sets, time zone, language, threads asked for.
ELSEWHERE = {
    "PYTHONHASHSEED": "7",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "C",
    "OMP_NUM_THREADS": "2",
}
# What a processor without AVX2 would compute with.
OLDER = {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_CBWR": "COMPATIBLE",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Nehalem",
}
EXPERIMENT = """experiments:
  time_constant:
    recipe: dale
    vary: network.tau_ms
    values: [2, 10]
    variants: [corrected]
"""
# What joins all experiments; everything else of an old one stays as it is.
READERS = {
    "paper/quick.pdf",
    "paper/quick-signs.pdf",
    "paper/quick-supplement.pdf",
    "results/quick/config.yaml",
    "results/quick/origin.json",
    *(
        f"results/quick/tables/{name}"
        for name in (
            "claims.csv",
            "comparisons.csv",
            "efficiency.csv",
            "ideal_observer.csv",
            "numbers.json",
            "runs.csv",
            "summary.csv",
        )
    ),
}


def trained(said: str) -> list[str]:
    """What was trained, in this order."""
    return re.findall(r"^Job \d+: (Train .*)$", said, re.MULTILINE)


def test_one_core_elsewhere_in_another_order_makes_the_same_bytes(
    quick: Project, tmp_path: Path
) -> None:
    project = Project.copy_to(tmp_path / "another place" / "copy")
    last_first = project.snakemake(
        "results/quick/runs/envelope_power/runs.csv", "--cores=1", *QUICK, **ELSEWHERE
    )
    assert last_first.returncode == 0, last_first.stdout[-5000:]
    rest = project.snakemake("--cores=1", *QUICK, **ELSEWHERE)
    assert rest.returncode == 0, rest.stdout[-5000:]
    here = trained((quick.folder / "run.log").read_text())
    there = trained(last_first.stdout + rest.stdout)
    assert sorted(here) == sorted(there) and here != there
    assert project.made("quick") == quick.made("quick")


def test_new_experiment_leaves_old_rows_and_runs_no_old_job(quick: Project, tmp_path: Path) -> None:
    project = Project(tmp_path / "copy")
    shutil.copytree(quick.folder, project.folder)
    old = {path: (project.folder / path).stat().st_mtime_ns for path in quick.made("quick")}
    with project.edited("config/quick.yaml", "experiments:\n", EXPERIMENT):
        run = project.snakemake("--cores=all", *QUICK)
    assert run.returncode == 0, run.stdout[-5000:]
    assert len(trained(run.stdout)) == 2
    made = {path for path, time in old.items() if (project.folder / path).stat().st_mtime_ns > time}
    assert made == READERS | {checksum_path(Path(path)).as_posix() for path in READERS}
    for path in READERS:
        if path.endswith(".csv"):
            before = (quick.folder / path).read_text().splitlines()
            after = (project.folder / path).read_text().splitlines()
            assert [line for line in after if line in set(before)] == before
    new = set(project.made("quick")) - set(old)
    assert all("time_constant" in path or "/networks/" in path for path in new)


@pytest.mark.skipif(not has_avx2(), reason="needs AVX2")
def test_older_processors_stimuli_are_the_same_and_its_networks_as_good(
    quick: Project, tmp_path: Path
) -> None:
    assert set(OLDER) == set(X86_INSTRUCTIONS)
    project = Project.copy_to(tmp_path / "older")
    table = "results/quick/tables/runs.csv"
    run = project.snakemake(table, "--cores=all", *QUICK, **OLDER)
    assert run.returncode == 0, run.stdout[-5000:]
    here, older = quick.made("quick"), project.made("quick")
    manifests = [path for path in older if "/stimuli/" in path and path.endswith(".json")]
    assert len(manifests) == 8
    assert {path: older[path] for path in manifests} == {path: here[path] for path in manifests}
    assert older[table] != here[table]  # it is the older processor's
    names = ["experiment", "condition", "variant", "seed", "network"]
    ours, theirs = (pd.read_csv(each.folder / table) for each in (quick, project))
    pd.testing.assert_frame_equal(ours[names], theirs[names])
    # rounding decides about single spikes, and training takes it from there: like other seeds
    points = (theirs["test_accuracy"] - ours["test_accuracy"]).to_numpy()
    assert np.abs(points.mean()) < 2 and points.std() < 5

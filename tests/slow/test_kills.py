"""The quick pipeline killed at random moments, and done all the same: `make test-kills`, or
`make test-kills KILLS=200`."""

import os
import random
import shutil
import time
from pathlib import Path

import psutil
import pytest
from workflow_project import QUICK, Project

from spikeloc.io.files import KEPT_BITS

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KILLS", "32"))
SEED = 7
STARTS = 4.0  # a kill comes within so many times what it takes to start
ONLY_MASTER = 4  # every so many kills leave the jobs alive: orphans beside the next run


def test_a_run_killed_again_and_again_ends_like_an_undisturbed_one(
    quick: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = quick.made("quick")
    killed = Project.copy_to(tmp_path / "killed")
    start_s = seconds_to_start(killed)
    chance = random.Random(SEED)
    kills = unfinished = found = unlocked = runs = 0
    orphans: list[psutil.Process] = []
    while kills < KILLS:
        running = killed.start_snakemake("--cores", "2", *QUICK)
        try:
            running.wait(chance.uniform(0.1, STARTS) * start_s)
        except psutil.TimeoutExpired:
            kills += 1
            orphans += kill(running, tree=kills % ONLY_MASTER > 0)
            made = without_kept_spikes(killed.made("quick"))
            assert {path: expected.get(path) for path in made} == made  # whole, or not there
            found += len(made)
            unfinished += len(list(killed.folder.rglob(".unfinished-*")))
            unlocked += unlock_if_told_to(killed, again=not unlocked)
            with capsys.disabled():
                print(".", end="", flush=True)
        else:
            assert killed.made("quick") == expected
            runs += 1
            for folder in ("results", "figures", ".snakemake"):  # done too early: once more
                shutil.rmtree(killed.folder / folder)
    last = killed.snakemake("--cores", "2", *QUICK)
    assert last.returncode == 0, last.stdout[-5000:]
    psutil.wait_procs(orphans, timeout=60)
    assert killed.made("quick") == expected
    assert killed.planned(*QUICK) == {}
    assert not list(killed.folder.rglob(".unfinished-*"))
    with capsys.disabled():
        print(
            f"\n{kills} kills in {runs + 1} runs, {kills // ONLY_MASTER} of them of the master "
            f"alone; unlocked {unlocked} times; after them {found} files were whole and "
            f"{unfinished} unfinished; in the end {len(expected)} are the same"
        )


def without_kept_spikes(made: dict[str, str]) -> dict[str, str]:
    """Without the spikes that are there while a run lasts."""
    return {path: sha256 for path, sha256 in made.items() if not path.endswith(KEPT_BITS)}


def seconds_to_start(project: Project) -> float:
    """What a dry run takes."""
    begun = time.monotonic()
    project.planned(*QUICK)
    return time.monotonic() - begun


def kill(master: psutil.Process, tree: bool) -> list[psutil.Process]:
    """Kill a run with all its jobs, or without them; returns the jobs that live on."""
    master.suspend()  # so that it starts no more while they are counted
    server = master.children()  # the process that makes the copies
    for process in server:
        process.suspend()
    jobs = master.children(recursive=True)
    for process in [master, *jobs] if tree else [master]:
        process.kill()
    for process in server if not tree else ():
        process.resume()
    _, alive = psutil.wait_procs([master, *jobs], timeout=30 if tree else 0.1)
    assert not (tree and alive)
    return alive


def unlock_if_told_to(project: Project, again: bool) -> bool:
    """What the README says about a run that was killed; ``again``: look whether it is told."""
    if not list((project.folder / ".snakemake/locks").glob("*")):
        return False
    if again:
        said = project.snakemake("--cores", "2", *QUICK)
        assert said.returncode != 0 and "--unlock" in said.stdout, said.stdout
    assert project.snakemake("--unlock", *QUICK).returncode == 0
    return True

"""What stops a run: one message that names the field or the file, and nothing half-written."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from damage import flip, swap_with_checksums
from tiny_project import RUN, TINY, tiny_project
from workflow_project import Project

from spikeloc.stimulus.spike_trains import SpikeTrains

# a list of a million entries in three lines
BOMB = "\n".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}' if level else 'x'] * 100)}]"
    for level in range(3)
)
NESTING = "    nesting: {corrected: {networks: 2, shared: [training]}}\n"
TABLE = "results/tiny/tables/runs.csv"


@pytest.fixture
def finished(once: Project, tmp_path: Path) -> Project:
    """A copy in which the tiny config has been run to the end."""
    shutil.copytree(once.folder, tmp_path / "finished")
    return Project(tmp_path / "finished")


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    return tiny_project(tmp_path / "copy")


def test_two_folders_give_the_same_bytes(once: Project, tiny: Project) -> None:
    assert tiny.snakemake("--cores", "1", "--configfile", "tiny.yaml").returncode == 0
    first, second = once.made("tiny"), tiny.made("tiny")
    assert TABLE in first
    assert "figures/tiny/fraction.svg" in first
    assert first == second


def test_new_condition_changes_no_other_row(finished: Project) -> None:
    table = finished.folder / TABLE
    before = table.read_text().splitlines()
    (finished.folder / "tiny.yaml").write_text(TINY.replace("[0, 0.5]", "[0, 0.25, 0.5]"))
    assert finished.planned(*RUN)["networks"] == 1
    assert finished.snakemake(TABLE, *RUN).returncode == 0
    after = table.read_text().splitlines()
    assert len(after) == len(before) + 4
    assert set(before) < set(after)


def test_more_networks_a_seed_change_no_other_row(once: Project, tiny: Project) -> None:
    (tiny.folder / "tiny.yaml").write_text(TINY.replace(NESTING, ""))
    assert tiny.snakemake(TABLE, *RUN).returncode == 0
    before = (tiny.folder / TABLE).read_text().splitlines()
    after = (once.folder / TABLE).read_text().splitlines()
    assert len(after) - 1 == 2 * (len(before) - 1)
    assert set(before) < set(after)


def test_exported_spikes_are_those_of_the_manifest(finished: Project) -> None:
    (manifest,) = finished.folder.glob("results/stimuli/*/seeds-1-2.json")
    target = manifest.with_name("seed-2.npz")
    assert finished.snakemake(str(target.relative_to(finished.folder)), *RUN).returncode == 0
    recorded = json.loads(manifest.read_text())["seeds"]["2"]
    assert list(recorded) == ["training", "validation", "test", "validation/2", "test/2"]
    with np.load(target, allow_pickle=False) as arrays:
        for purpose, data in recorded.items():
            spikes = SpikeTrains(arrays[f"{purpose}_bits"], int(arrays["fibres"]), 1.0)
            assert spikes.checksum() == data["bits_sha256"]
            assert arrays[f"{purpose}_ipd_rad"].tolist() == data["ipd_rad"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("hidden_units", "hiden_units", "tiny.yaml: network.hiden_units: unknown key"),
        ("name: tiny", "name: ../tiny", "tiny.yaml: name: "),
        ("name: tiny", "name: tiny\nname: other", "line 3: key 'name' is given twice"),
        ("hidden_units: 5", f"hidden_units: 0x{'f' * 5000}", "not 0xffff"),
        ("name: tiny", f"name: tiny\n{BOMB}", "tiny.yaml: has more than 100000 entries"),
    ],
)
def test_bad_config_is_one_message(tiny: Project, old: str, new: str, message: str) -> None:
    (tiny.folder / "tiny.yaml").write_text(TINY.replace(old, new))
    run = tiny.snakemake(*RUN)
    assert run.returncode != 0
    assert message in run.stdout
    assert "Traceback" not in run.stdout
    assert not (tiny.folder / "results").exists()


@pytest.mark.parametrize(
    ("pattern", "reader"),
    [
        ("stimuli/*/seeds-1-2.json", "networks"),
        ("networks/*/weights.safetensors", "run"),
        ("tiny/runs/*/*/*/metrics.csv", "experiment_tables"),
        ("tiny/ideal_observer/*.csv", "ceiling"),
    ],
)
def test_a_damaged_file_is_named_and_made_again_when_deleted(
    finished: Project, pattern: str, reader: str
) -> None:
    before = finished.made("tiny")
    path = min(finished.folder.glob(f"results/{pattern}"))
    flip(path)
    run = finished.snakemake(*RUN)
    assert run.returncode != 0
    name = path.relative_to(finished.folder).as_posix()
    assert f"error: {name}: altered since it was written (checksum does not match)" in run.stdout
    assert f"Error in rule {reader}:" in run.stdout and "Traceback" not in run.stdout
    # what comes after has not been touched
    after = finished.made("tiny")
    assert {key: before[key] for key in after if key != name} == {
        key: after[key] for key in after if key != name
    }
    path.unlink()
    assert finished.snakemake(*RUN).returncode == 0
    after = finished.made("tiny")  # without what nothing that is out of date is made from
    assert after.items() <= before.items()
    assert {key for key in before if "/tables/" in key or "figures/" in key} <= set(after)


def test_networks_that_changed_places_are_named(finished: Project) -> None:
    swap_with_checksums(*finished.folder.glob("results/networks/*/weights.safetensors"))
    run = finished.snakemake(*RUN)
    assert run.returncode != 0
    assert "weights.safetensors: another file (results/networks/" in run.stdout
    assert "Traceback" not in run.stdout


def test_partial_config_is_not_the_papers(tiny: Project) -> None:
    (tiny.folder / "tiny.yaml").write_text("name: tiny\nseeds: [1]\n")
    run = tiny.snakemake(*RUN)
    assert run.returncode != 0
    assert "tiny.yaml: experiments: Field required" in run.stdout

"""What stops a run: one message that names the field or the file, and nothing half-written."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from spikeloc.spikes import SpikeTrains
from workflow_project import Project

TINY = """
name: tiny
seeds: [1, 2]
stimulus: {fibres_per_ear: 10}
network: {hidden_units: 5}
training: {training_samples: 40, validation_samples: 20, test_samples: 20, batch_size: 16,
  epochs: 2}
ideal_observer: {samples: 200}
recipes:
  dale: {network: {w1: {signs: dale}, w2: {signs: dale}}}
variants:
  corrected: {stimulus: {phase: per_sample}}
experiments:
  fraction:
    recipe: dale
    nesting: {corrected: {networks: 2, shared: [training]}}
    variants: [corrected]
    vary: network.w1.inhibitory_fraction
    values: [0, 0.5]
"""
NESTING = "    nesting: {corrected: {networks: 2, shared: [training]}}\n"
TABLE = "results/tiny/tables/runs.csv"
RUN = ("--cores", "2", "--configfile", "tiny.yaml")


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    project = Project.copy_to(tmp_path / "copy")
    (project.folder / "tiny.yaml").write_text(TINY)
    return project


def files_of(folder: Path) -> dict[str, bytes]:
    """Results by name, but for logs, benchmarks and provenance, which hold times."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for top in ("results/tiny", "figures/tiny")
        for path in sorted((folder / top).rglob("*"))
        if path.is_file() and not {"logs", "benchmarks", "provenance.json"} & set(path.parts)
    }


def test_two_folders_give_the_same_bytes(tiny: Project, tmp_path: Path) -> None:
    other = Project.copy_to(tmp_path / "other")
    (other.folder / "tiny.yaml").write_text(TINY)
    assert tiny.snakemake(*RUN).returncode == 0
    assert other.snakemake("--cores", "1", "--configfile", "tiny.yaml").returncode == 0
    first, second = files_of(tiny.folder), files_of(other.folder)
    assert TABLE in first
    assert "figures/tiny/fraction.svg" in first
    assert first == second


def test_new_condition_changes_no_other_row(tiny: Project) -> None:
    assert tiny.snakemake(TABLE, *RUN).returncode == 0
    table = tiny.folder / TABLE
    before = table.read_text().splitlines()
    (tiny.folder / "tiny.yaml").write_text(TINY.replace("[0, 0.5]", "[0, 0.25, 0.5]"))
    assert tiny.planned(*RUN)["train"] == 1
    assert tiny.snakemake(TABLE, *RUN).returncode == 0
    after = table.read_text().splitlines()
    assert len(after) == len(before) + 4
    assert set(before) < set(after)


def test_more_networks_a_seed_change_no_other_row(tiny: Project) -> None:
    (tiny.folder / "tiny.yaml").write_text(TINY.replace(NESTING, ""))
    assert tiny.snakemake(TABLE, *RUN).returncode == 0
    table = tiny.folder / TABLE
    before = table.read_text().splitlines()
    (tiny.folder / "tiny.yaml").write_text(TINY)
    assert tiny.snakemake(TABLE, *RUN).returncode == 0
    after = table.read_text().splitlines()
    assert len(after) - 1 == 2 * (len(before) - 1)
    assert set(before) < set(after)


def test_exported_spikes_are_those_of_the_manifest(tiny: Project) -> None:
    assert tiny.snakemake(TABLE, *RUN).returncode == 0
    (manifest,) = tiny.folder.glob("results/tiny/stimuli/*/seed-1.json")
    target = manifest.with_suffix(".npz")
    assert tiny.snakemake(str(target.relative_to(tiny.folder)), *RUN).returncode == 0
    recorded = json.loads(manifest.read_text())["data_sets"]
    assert list(recorded) == ["training", "validation", "test", "validation/2", "test/2"]
    with np.load(target) as arrays:
        for purpose, data in recorded.items():
            spikes = SpikeTrains(arrays[f"{purpose}_bits"], int(arrays["fibres"]))
            assert spikes.checksum() == data["bits_sha256"]
            assert arrays[f"{purpose}_ipd_rad"].tolist() == data["ipd_rad"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("hidden_units", "hiden_units", "config: network.hiden_units: unknown key"),
        ("fibres_per_ear: 10", "fibres_per_ear: ten", "config: stimulus.fibres_per_ear: "),
        ("{fibres_per_ear: 10}", "{rate_max_hz: 1200}", "1.2 spikes in a bin"),
        ("[0, 0.5]", "[0, 1.5]", "inhibitory_fraction"),
        ("[0, 0.5]", "[]", "config: experiments.fraction.values: "),
        ("[0, 0.5]", "[0.5, 0.5]", "duplicate condition 'w1.inhibitory_fraction-0.5'"),
        ("name: tiny", "name: ../tiny", "config: name: "),
        ("name: tiny", "name: tiny\nname: other", "line 3: key 'name' stands twice"),
    ],
)
def test_bad_config_is_one_message(tiny: Project, old: str, new: str, message: str) -> None:
    (tiny.folder / "tiny.yaml").write_text(TINY.replace(old, new))
    run = tiny.snakemake(*RUN)
    assert run.returncode != 0
    assert message in run.stdout
    assert "Traceback" not in run.stdout
    assert not (tiny.folder / "results").exists()


@pytest.mark.parametrize("damage", ["altered", "truncated"])
def test_damaged_manifest_is_named(tiny: Project, damage: str) -> None:
    assert tiny.snakemake(*RUN).returncode == 0
    before = files_of(tiny.folder)
    (manifest,) = tiny.folder.glob("results/tiny/stimuli/*/seed-2.json")
    text = manifest.read_text()
    manifest.write_text(text.replace("0.1", "0.2", 1) if damage == "altered" else text[:100])
    run = tiny.snakemake(*RUN)
    assert run.returncode != 0
    name = manifest.relative_to(tiny.folder).as_posix()
    problem = "altered since it was written" if damage == "altered" else "damaged or not JSON"
    assert f"error: {name}: {problem}" in run.stdout
    assert "Traceback" not in run.stdout
    after = files_of(tiny.folder)
    finished = [path for path in before if "/runs/" in path or "/tables/" in path]
    assert {path: after[path] for path in finished} == {path: before[path] for path in finished}
    assert tiny.snakemake("--forceall", *RUN).returncode == 0
    assert files_of(tiny.folder) == before


@pytest.mark.parametrize("damage", ["altered", "truncated"])
def test_damaged_weights_are_named(tiny: Project, damage: str) -> None:
    assert tiny.snakemake(TABLE, *RUN).returncode == 0
    (weights, _) = sorted(tiny.folder.glob("results/tiny/networks/*/weights.safetensors"))
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage == "altered" else whole[:-9])
    run = tiny.snakemake(TABLE, *RUN)
    assert run.returncode != 0
    problem = "altered since it was written" if damage == "altered" else "damaged or not a weight"
    assert f"error: {weights.relative_to(tiny.folder).as_posix()}: {problem}" in run.stdout
    assert "Traceback" not in run.stdout


def test_partial_config_is_not_the_papers(tiny: Project) -> None:
    (tiny.folder / "tiny.yaml").write_text("name: tiny\nseeds: [1]\n")
    run = tiny.snakemake(*RUN)
    assert run.returncode != 0
    assert "config: stimulus: Field required" in run.stdout


def test_missing_device_is_one_message(tiny: Project) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    (tiny.folder / "tiny.yaml").write_text(TINY.replace("name: tiny", "name: tiny\ndevice: cuda"))
    run = tiny.snakemake(TABLE, *RUN)
    assert run.returncode != 0
    assert "error: device: cuda is configured, but this machine has no CUDA device" in run.stdout
    assert "Traceback" not in run.stdout


def test_damaged_table_is_named(tiny: Project) -> None:
    assert tiny.snakemake(TABLE, *RUN).returncode == 0
    (stack, _) = sorted(tiny.folder.glob("results/tiny/networks/*/metrics.csv"))
    stack.write_text("")
    run = tiny.snakemake(TABLE, *RUN)
    assert run.returncode != 0
    assert "metrics.csv: damaged or not a CSV table" in run.stdout
    assert "Traceback" not in run.stdout

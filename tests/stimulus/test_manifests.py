"""Manifests of stimuli: what goes in comes out, and nothing else does."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.errors import InputError
from spikeloc.io.files import (
    UNFINISHED,
    read_checked_json,
    remove_kept_bits,
    write_checked_json,
)
from spikeloc.stimulus.generator import make_data_set
from spikeloc.stimulus.manifests import read_data_sets, write_manifest

STIMULUS = StimulusParameters(fibres_per_ear=5, duration_ms=10.0)
SIZES = {"training": 6, "test": 3}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "stimulus" / "seeds-7_9.json"
    write_manifest(path, STIMULUS, [7, 9], SIZES)
    return path


def assert_refused(path: Path, reason: str, **changed: Any) -> None:
    asked: dict[str, Any] = {"stimulus": STIMULUS, "seeds": [7, 9], "sizes": SIZES} | changed
    with pytest.raises(InputError, match=reason) as caught:
        list(read_data_sets(path, **asked))
    assert path.name in str(caught.value)


def test_data_sets_come_back_from_their_manifest(manifest: Path) -> None:
    made = dict(read_data_sets(manifest, STIMULUS, [7, 9], SIZES))
    assert list(made) == [7, 9]
    for seed, data_sets in made.items():
        assert {purpose: len(data.trials) for purpose, data in data_sets.items()} == SIZES
        for purpose, data in data_sets.items():
            expected = make_data_set(STIMULUS, seed, purpose, SIZES[purpose])
            assert np.array_equal(data.spikes.bits, expected.spikes.bits)
            assert np.array_equal(data.trials.ipd_rad, expected.trials.ipd_rad)


def test_a_manifest_records_what_was_presented(manifest: Path) -> None:
    content = json.loads(manifest.read_text())
    assert list(content["seeds"]) == ["7", "9"] and content["stimulus"]["envelope_power"] == 2
    recorded = content["seeds"]["7"]["test"]
    expected = make_data_set(STIMULUS, 7, "test", 3)
    assert recorded["ipd_rad"] == expected.trials.ipd_rad.tolist()
    assert recorded["phase_cycles"] == expected.trials.phase_cycles.tolist()
    assert recorded["bits_sha256"] == expected.spikes.checksum()


def test_some_of_seeds_and_data_sets_can_be_asked_for(manifest: Path) -> None:
    ((seed, made),) = read_data_sets(manifest, STIMULUS, [9], {"test": 3})
    assert seed == 9 and list(made) == ["test"]


def test_the_first_samples_can_be_asked_for(manifest: Path) -> None:
    for first, count in ((2, 2), (9, 6)):
        ((_, made),) = read_data_sets(manifest, STIMULUS, [9], SIZES, first={"training": first})
        expected = make_data_set(STIMULUS, 9, "training", count)
        assert np.array_equal(made["training"].spikes.bits, expected.spikes.bits)
        assert len(made["test"].trials) == 3
    content = read_checked_json(manifest)
    content["seeds"]["9"]["training"]["ipd_rad"][1] += 1e-9
    write_checked_json(manifest, content)
    assert_refused(manifest, "makes other training spikes", first={"training": 2})
    list(read_data_sets(manifest, STIMULUS, [9], SIZES, first={"training": 1}))


def bits_files(manifest: Path) -> list[Path]:
    return sorted(manifest.parent.glob("*.bits"))


def test_spikes_that_are_kept_are_read_and_not_made_again(
    manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = make_data_set(STIMULUS, 7, "training", 6)
    monkeypatch.setattr("spikeloc.stimulus.manifests.make_data_set", None)
    for first, count in (({}, 6), ({"training": 4}, 4)):
        ((_, made), _) = read_data_sets(manifest, STIMULUS, [7, 9], SIZES, first=first)
        data = made["training"]
        assert np.array_equal(data.spikes.bits, expected.spikes.bits[:count])
        assert np.array_equal(data.trials.phase_cycles, expected.trials.phase_cycles[:count])
        assert data.recipe == (STIMULUS, 7, "training", count)


@pytest.mark.parametrize("damage", ["gone", "altered", "cut", "empty"])
def test_spikes_that_are_lost_are_made_again(manifest: Path, damage: str) -> None:
    assert len(bits_files(manifest)) == 4  # two seeds of two data sets
    for path in bits_files(manifest):
        whole = path.read_bytes()
        path.write_bytes(
            {"altered": bytes([whole[0] ^ 1]) + whole[1:], "cut": whole[:-1]}.get(damage, b"")
        )
        if damage == "gone":
            path.unlink()
    for seed, made in read_data_sets(manifest, STIMULUS, [7, 9], SIZES):
        expected = make_data_set(STIMULUS, seed, "training", 6)
        assert np.array_equal(made["training"].spikes.bits, expected.spikes.bits)


def test_only_so_many_of_the_last_used_spikes_are_kept(manifest: Path) -> None:
    files = bits_files(manifest)
    for age, path in enumerate(files):
        os.utime(path, (1000 - age, 1000 - age))
    stimuli, size = manifest.parent.parent, files[0].stat().st_size + files[1].stat().st_size
    remove_kept_bits(stimuli, size)
    assert bits_files(manifest) == files[:2]
    remove_kept_bits(stimuli, size - 1)
    assert bits_files(manifest) == files[:1]
    files[2].with_name(f"{UNFINISHED}{files[2].name}").touch()
    remove_kept_bits(stimuli, size)
    assert len([*manifest.parent.iterdir()]) == 3  # with the unfinished file and the manifest
    remove_kept_bits(stimuli)
    assert [*manifest.parent.iterdir()] == [manifest]


def test_spikes_that_cannot_be_removed_stay(
    manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "unlink", refuse)
    remove_kept_bits(manifest.parent.parent)
    assert len(bits_files(manifest)) == 4


def test_a_nearly_full_disk_is_left_alone(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_kept_bits(manifest.parent.parent)
    used = shutil.disk_usage(manifest.parent)._replace(free=3 << 30)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: used)
    write_manifest(manifest, STIMULUS, [7, 9], SIZES)
    assert bits_files(manifest) == []


def test_a_manifest_needs_no_room_for_spikes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(target: Path) -> None:
        raise InputError(f"{target}: the disk is full")

    monkeypatch.setattr("spikeloc.stimulus.manifests.atomic_path", full)
    path = tmp_path / "seeds-7_9.json"
    write_manifest(path, STIMULUS, [7, 9], SIZES)
    assert len(dict(read_data_sets(path, STIMULUS, [7, 9], SIZES))) == 2
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    assert_refused(tmp_path / "seeds-9.json", "no such file")


def test_every_truncation_is_noticed(manifest: Path) -> None:
    content = manifest.read_text().rstrip()
    for length in range(0, len(content), 50):
        manifest.write_text(content[:length])
        assert_refused(manifest, "damaged|no checksum")


def test_an_altered_number_is_noticed(manifest: Path) -> None:
    content = manifest.read_text()
    assert '"envelope_power": 2.0' in content
    manifest.write_text(content.replace('"envelope_power": 2.0', '"envelope_power": 3.0'))
    assert_refused(manifest, "altered")


@pytest.mark.parametrize(
    "changed",
    [
        {"seeds": [8]},
        {"seeds": [7, 8]},
        {"stimulus": STIMULUS.model_copy(update={"envelope_power": 3.0})},
        {"stimulus": STIMULUS.model_copy(update={"phase": "per_dataset"})},
    ],
)
def test_another_seed_or_stimulus_is_refused(manifest: Path, changed: dict[str, Any]) -> None:
    assert_refused(manifest, "another stimulus or seed", **changed)


@pytest.mark.parametrize("sizes", [{"validation": 6}, {"training": 5}, {"training": 7}])
def test_a_missing_data_set_is_named(manifest: Path, sizes: dict[str, int]) -> None:
    (purpose,) = sizes
    assert_refused(manifest, f"has no {purpose} data set", sizes=sizes)


@pytest.mark.parametrize("odd", [None, [], {"test": None}, {"test": {"samples": 3}}])
def test_a_sealed_file_of_another_structure_is_no_manifest(manifest: Path, odd: Any) -> None:
    content = read_checked_json(manifest)
    seeds = [{"seeds": odd}, {"seeds": {"7": odd, "9": odd}}, {"data_sets": odd}]
    for changed in ({"stimulus": content["stimulus"]} | each for each in seeds):
        write_checked_json(manifest, changed)
        assert_refused(manifest, "not a manifest|another stimulus or seed|no training data set")


def change_bits(data_set: dict[str, Any]) -> None:
    data_set["bits_sha256"] = "0" * 64


def change_trials(data_set: dict[str, Any]) -> None:
    data_set["ipd_rad"][0] += 1e-9


@pytest.mark.parametrize("change", [change_bits, change_trials])
def test_other_spikes_than_those_recorded_are_refused(
    manifest: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    content = read_checked_json(manifest)
    change(content["seeds"]["9"]["training"])
    write_checked_json(
        manifest, content
    )  # given a new checksum, as another machine might have done
    assert_refused(manifest, "this machine makes other training spikes than those recorded")

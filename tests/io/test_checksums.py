"""Every kind of file that a later job reads, damaged in every way: noticed, named, never used."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from damage import flip, swap, swap_with_checksums, truncate

from spikeloc.io.checksums import checked_files, checksum_path, verify_checksum, write_checksum
from spikeloc.io.errors import InputError
from spikeloc.io.files import (
    copy_file,
    write_arrays,
    write_checked_json,
    write_table,
    write_text,
)
from spikeloc.io.weight_files import write_weights

Write = Callable[[Path, int], None]
KINDS: dict[str, Write] = {
    "networks/{}/weights.safetensors": lambda path, seed: write_weights(
        path, {"w1": np.full((1, 2, 2), seed, np.float32)}, {"seeds": [seed]}
    ),
    "networks/{}/metrics.csv": lambda path, seed: write_table(path, pd.DataFrame({"x": [seed]})),
    "networks/{}/predictions.npz": lambda path, seed: write_arrays(path, x=np.arange(seed + 9)),
    "stimuli/x/seed-{}.json": lambda path, seed: write_checked_json(path, {"seed": seed}),
    "tables/{}/numbers.json": lambda path, seed: write_text(path, f'{{"accuracy": "{seed}.0"}}'),
    "{}/config.yaml": lambda path, seed: write_text(path, f"seeds: [{seed}]\n"),
    "figures/{}.svg": lambda path, seed: write_text(path, f"<svg>{seed}</svg>"),
}


@pytest.fixture(params=KINDS, ids=lambda kind: Path(kind).name)
def pair(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """Two files of a kind, of two seeds or networks, made by a job."""
    monkeypatch.chdir(tmp_path)
    first, second = (Path("results", request.param.format(seed)) for seed in (1, 2))
    with checked_files([], [first, second]):
        KINDS[request.param](first, 1)
        KINDS[request.param](second, 2)
    return first, second


def noticed(path: Path, reason: str) -> None:
    with (
        pytest.raises(InputError, match=f"^{re.escape(str(path))}: .*{reason}"),
        checked_files([path], []),
    ):
        pytest.fail("the job has started")


def test_a_whole_file_is_read(pair: tuple[Path, Path]) -> None:
    with checked_files(pair, []):
        pass
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", *map(checksum_path, pair)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("damage", [flip, truncate])
def test_damage_is_noticed(pair: tuple[Path, Path], damage: Callable[[Path], None]) -> None:
    damage(pair[0])
    noticed(pair[0], "altered since it was written")
    verify_checksum(pair[1])


def test_a_swap_is_noticed(pair: tuple[Path, Path]) -> None:
    swap(*pair)
    noticed(pair[0], "altered since it was written")


def test_a_swap_with_the_checksum_is_noticed(pair: tuple[Path, Path]) -> None:
    first, second = pair
    swap_with_checksums(first, second)
    noticed(first, f"another file \\({re.escape(str(second))}\\) is in its place")
    noticed(second, "another file")


@pytest.mark.parametrize("content", ["", "\n", "one-word\n", "\x00" * 80])
def test_a_damaged_checksum_is_noticed(pair: tuple[Path, Path], content: str) -> None:
    checksum_path(pair[0]).write_text(content)
    noticed(pair[0], "the checksum beside it is damaged")


def test_a_checksum_that_is_no_text_is_noticed(pair: tuple[Path, Path]) -> None:
    checksum_path(pair[0]).write_bytes(b"\xff" * 90)
    noticed(pair[0], "the checksum beside it is damaged")


def test_a_missing_checksum_or_file_is_noticed(pair: tuple[Path, Path]) -> None:
    checksum_path(pair[0]).unlink()
    noticed(pair[0], "there is no checksum beside it")
    pair[1].unlink()
    noticed(pair[1], "no such file")


def test_a_job_that_fails_leaves_no_checksum(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), checked_files([], [tmp_path / "a.csv"]):
        write_text(tmp_path / "a.csv", "a\n1\n")
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_copied_project_keeps_its_checksum(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("results").rename(tmp_path / "elsewhere")
    (tmp_path / "other").mkdir()
    (tmp_path / "elsewhere").rename(tmp_path / "other" / "results")
    monkeypatch.chdir(tmp_path / "other")
    verify_checksum(pair[0])
    monkeypatch.chdir(tmp_path)
    verify_checksum(tmp_path / "other" / pair[0])


def test_a_copy_has_a_checksum_of_its_own(pair: tuple[Path, Path]) -> None:
    copied = Path("results/runs/x", pair[0].name)
    copy_file(pair[0], copied)
    write_checksum(copied)
    verify_checksum(copied)
    swap(copied, pair[1])
    noticed(copied, "altered")

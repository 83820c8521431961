"""Whole or not at all, and damage noticed."""

import errno
import json
import math
import os
import random
import subprocess
import sys
import time
import zipfile
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from spikeloc.io.checksums import verify_checksum
from spikeloc.io.errors import InputError
from spikeloc.io.files import (
    atomic_path,
    check_writable,
    copy_file,
    digest,
    read_arrays,
    read_checked_json,
    read_table,
    reading,
    remove_unfinished,
    write_arrays,
    write_checked_json,
    write_table,
    write_text,
)
from spikeloc.io.weight_files import METADATA, read_weights

CONTENT = {"seed": 3, "numbers": [0.1, 1e-300], "name": "θ"}
numbers = st.floats(allow_nan=False, allow_infinity=False)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    write_text(target, "old")
    with pytest.raises(RuntimeError, match="stop"), atomic_path(target) as temporary:
        temporary.write_text("half of the new")
        assert target.read_text() == "old"
        raise RuntimeError("stop")
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["table.csv"]  # noqa: PTH208


def test_an_interrupted_first_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), atomic_path(tmp_path / "table.csv"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_is_beside_its_place_until_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "made" / "figure.svg"
    with atomic_path(target) as temporary:
        assert temporary.parent == target.parent and temporary.suffix == ".svg"
        temporary.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


WRITER = """
import itertools, sys
from spikeloc.io.files import write_text
for turn in itertools.count():
    write_text(sys.argv[1], str(turn % 10) * 1_000_000)
"""


def test_a_killed_writer_leaves_a_whole_file_and_the_rest_is_cleared_away(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    chance = random.Random(3)
    for _ in range(6):
        target.unlink(missing_ok=True)
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(target)])
        while not target.exists():
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))
        writer.kill()
        writer.wait()
        content = target.read_text()
        assert content == content[0] * 1_000_000
    remove_unfinished(target)
    assert list(tmp_path.iterdir()) == [target]


def test_only_what_belongs_to_a_file_is_cleared_away(tmp_path: Path) -> None:
    others = [".unfinished-runs-2-abcdefgh.csv", ".unfinished-runs-abcdefgh.npz", "runs.csv"]
    for name in [*others, ".unfinished-runs-abcdefgh.csv"]:
        (tmp_path / name).touch()
    remove_unfinished(tmp_path / "runs.csv")
    assert {path.name for path in tmp_path.iterdir()} == set(others)


def test_files_get_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_text(tmp_path / "written", "")
    assert (tmp_path / "written").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_copies_are_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(bytes(range(256)))
    copy_file(tmp_path / "source", tmp_path / "folder" / "copy")
    assert (tmp_path / "folder" / "copy").read_bytes() == bytes(range(256))


def test_text_keeps_its_newlines(tmp_path: Path) -> None:
    write_text(tmp_path / "text", "a\nθ\r\n")
    assert (tmp_path / "text").read_bytes() == b"a\n\xce\xb8\r\n"


@given(st.lists(numbers, min_size=1, max_size=30))
def test_tables_give_the_same_floats_back(tmp_path: Path, values: list[float]) -> None:
    write_table(tmp_path / "t.csv", pd.DataFrame({"x": values}))
    read = read_table(tmp_path / "t.csv", x=float)["x"]
    assert [math.copysign(1, x) for x in read] == [math.copysign(1, x) for x in values]
    assert read.tolist() == values


def test_tables_keep_gaps_text_and_order(tmp_path: Path) -> None:
    table = pd.DataFrame({"label": ["NA", "+/-", "0.10"], "x": [1.5, np.nan, 0.1]})
    write_table(tmp_path / "t.csv", table)
    assert (tmp_path / "t.csv").read_text() == "label,x\nNA,1.5\n+/-,\n0.10,0.1\n"
    read = read_table(tmp_path / "t.csv", label=str)
    assert read["label"].tolist() == ["NA", "+/-", "0.10"]
    assert read["x"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    "content", [b"", b'a,b\n1,"2\n', b"a\n1,2,3\n4,5,6,7\n", b"a\n\xff\xfe\n", b"a\nword\n"]
)
def test_a_damaged_table_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "runs.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"runs\.csv: damaged"):
        read_table(path, a=float)


def test_arrays_come_back_with_their_types(tmp_path: Path) -> None:
    first, second = np.arange(6, dtype=np.uint8).reshape(2, 3), np.array(0.1)
    write_arrays(tmp_path / "a.npz", first=first, second=second)
    read = read_arrays(tmp_path / "a.npz")
    assert list(read) == ["first", "second"]
    assert read["first"].dtype == np.uint8 and read["first"].tolist() == first.tolist()
    assert read["second"] == 0.1


def test_pickles_are_neither_written_nor_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Object arrays"):
        write_arrays(tmp_path / "a.npz", a=np.array([{}], dtype=object))
    assert list(tmp_path.iterdir()) == []
    np.savez(tmp_path / "a.npz", a=np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match=r"a\.npz: damaged"):
        read_arrays(tmp_path / "a.npz")


def test_the_same_arrays_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        write_arrays(tmp_path / name, x=np.arange(100.0))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("read", [read_table, read_arrays, read_checked_json])
def test_missing_files_and_folders_are_named(tmp_path: Path, read: Any) -> None:
    with pytest.raises(InputError, match=r"gone\.x: no such file"):
        read(tmp_path / "gone.x")
    with pytest.raises(InputError, match=tmp_path.name):
        read(tmp_path)


@given(st.dictionaries(st.text().filter(lambda key: key != "sha256"), json_values, max_size=4))
def test_json_with_a_checksum_gives_its_content_back(
    tmp_path: Path, content: dict[str, Any]
) -> None:
    write_checked_json(tmp_path / "m.json", content)
    assert read_checked_json(tmp_path / "m.json") == content


@pytest.mark.parametrize(
    "change", [{"seed": 4}, {"seed": 3.5}, {"numbers": [0.1]}, {"more": 1}, {"numbers": math.nan}]
)
def test_altered_json_is_noticed(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "m.json"
    write_checked_json(path, CONTENT)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match=r"m\.json: altered"):
        read_checked_json(path)


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '{"sha256": null, "seed": 3}', "\x00"])
def test_json_without_its_checksum_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(InputError, match=r"m\.json"):
        read_checked_json(tmp_path / "m.json")


@pytest.mark.parametrize("reader", [read_checked_json, read_weights])
def test_json_of_any_depth_is_refused(tmp_path: Path, reader: Callable[[Path], object]) -> None:
    path = tmp_path / "deep"

    def refusal(levels: int) -> str:
        text = '{"sha256": "", "seeds": ' + "[" * levels + "]" * levels + "}"
        if reader is read_weights:
            save_file({}, path, {METADATA: text})
        else:
            path.write_text(text)
        with pytest.raises(InputError) as refused:
            reader(path)
        return str(refused.value)

    # where recursion ends, Python reads some levels that it cannot write for the checksum
    end = bisect_left(range(100_000), True, key=lambda levels: "damaged" in refusal(levels))
    assert 0 < end < 100_000
    for levels in range(end - 9, end + 9):
        refusal(levels)


def test_digests_do_not_depend_on_the_order_of_keys() -> None:
    # printf '{"a":1,"b":[2,"c"]}' | sha256sum
    expected = "d765e5ded987639d0b8c141a5139872fb2da76c38cc4210db56c16d93ba9c24e"
    assert digest({"a": 1, "b": [2, "c"]}) == digest({"b": [2, "c"], "a": 1}) == expected


def test_arrays_are_zipped_without_what_differs_between_versions_of_python(tmp_path: Path) -> None:
    arrays: dict[str, Any] = {"a": np.arange(6.0).reshape(2, 3), "b": np.float64(3.5)}
    write_arrays(tmp_path / "arrays.npz", **arrays)
    with zipfile.ZipFile(tmp_path / "arrays.npz") as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a.npy", "b.npy"]
    # no date, no zip64 header, no length that follows the content, nothing compressed
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {
        (entry.extra, entry.flag_bits, entry.create_system, entry.compress_type)
        for entry in entries
    } == {(b"", 0, 3, zipfile.ZIP_STORED)}
    assert {
        name: value.tolist() for name, value in read_arrays(tmp_path / "arrays.npz").items()
    } == {
        "a": [[0, 1, 2], [3, 4, 5]],
        "b": 3.5,
    }


def packed_spikes(path: Path) -> bytes:
    """The content of a file of bit-packed spikes."""
    write_arrays(path, bits=np.random.default_rng(1).integers(0, 256, (5, 7, 3), np.uint8), n=20)
    return path.read_bytes()


def test_every_truncation_of_arrays_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "spikes.npz"
    content = packed_spikes(path)
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        with pytest.raises(InputError, match=r"spikes\.npz"):
            read_arrays(path)


def test_a_flipped_bit_of_arrays_changes_nothing_or_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "spikes.npz"
    content, noticed = packed_spikes(path), 0
    original = read_arrays(path)
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        try:
            arrays = read_arrays(path)
        except InputError as error:
            assert "spikes.npz" in str(error)
            noticed += 1
        else:  # time stamps, file modes, sizes that are stored twice, an array's name
            kept = [arrays[name] for name in original if name in arrays]
            assert all(any(np.array_equal(a, b) for b in original.values()) for a in kept)
    assert noticed > len(content) / 2


READERS = [read_table, read_arrays, read_checked_json, read_weights, verify_checksum]


@pytest.mark.parametrize("reader", [read_table, read_arrays, read_checked_json])
def test_what_cannot_be_read_is_not_called_damaged(
    tmp_path: Path, reader: Callable[[Path], object]
) -> None:
    with pytest.raises(InputError) as refused:
        reader(tmp_path)
    assert str(refused.value) == f"{tmp_path}: cannot be read (Is a directory)"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "cannot be read (Permission denied)"),
        (OSError(errno.EIO, "Input/output error"), "cannot be read (Input/output error)"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "no such file"),
        (OSError("not an image"), "damaged or not a table (not an image)"),  # a library's own
        (ValueError("no header"), "damaged or not a table (no header)"),
    ],
)
def test_reasons_are_told_apart(error: Exception, said: str) -> None:
    with pytest.raises(InputError) as refused, reading("a.csv", "a table"):
        raise error
    assert str(refused.value) == f"a.csv: {said}"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ["a" * 5000, "a/" * 5000 + "a"], ids=["letters", "folders"])
def test_name_that_is_too_long_is_one_message(reader: Callable[[Path], object], name: str) -> None:
    with pytest.raises(
        InputError, match=r": (cannot be read \(File name too long\)|no such file)$"
    ):
        reader(Path(name))


def test_memory_that_is_short_is_not_called_damage(tmp_path: Path) -> None:
    with pytest.raises(MemoryError), reading(tmp_path, "a table"):
        raise MemoryError


def test_folders_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    check_writable([tmp_path, tmp_path / "new/newer"])
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"file/new: cannot be written \(Not a directory\)"):
        check_writable([tmp_path, tmp_path / "file/new"])
    with pytest.raises(InputError, match="/proc/new: cannot be written"):
        check_writable([Path("/proc/new")])

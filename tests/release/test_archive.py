"""The archive of a run's tables: whole or not at all, and never a file elsewhere."""

import hashlib
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from spikeloc.io.checksums import verify_checksum
from spikeloc.io.errors import InputError
from spikeloc.io.files import write_checked_json
from spikeloc.release import archive as release
from spikeloc.release.archive import MANIFEST, pack, unpack

CONFIG = {"name": "paper", "seeds": [1, 2], "network": {"tau_ms": 5.0, "classes": 12}}
FILES = {"results/tables/runs.csv": b"seed,accuracy\n1,71\n", "results/arrays/trial.npz": b"\0\1"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    pack(tmp_path / "release.zip", FILES, CONFIG)
    return tmp_path / "release.zip"


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if not path.is_dir() and path.suffix != ".sha256"
    }


def unpacked(source: Path, root: Path, config: Any = CONFIG, **others: Any) -> list[str]:
    return unpack(source, root, config, **{"wanted": FILES, "labels": {}} | others)


def fresh(tmp_path: Path) -> Path:
    folder = tmp_path / f"clone-{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    return folder


def forged(
    tmp_path: Path, files: dict[str, bytes], kind: int = stat.S_IFREG, config: Any = CONFIG
) -> Path:
    """An archive whose manifest describes every file rightly, whatever its name and kind."""
    described = {
        path: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in files.items()
    }
    about = {"format": 2, "config": config, "files": described}
    tmp_path.mkdir(exist_ok=True)
    write_checked_json(tmp_path / "manifest", about)
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as archive:
        archive.write(tmp_path / "manifest", MANIFEST)
        for path, content in files.items():
            entry = zipfile.ZipInfo(path)
            entry.filename = path  # as it is: the constructor may change it
            entry.external_attr = (kind | 0o644) << 16
            archive.writestr(entry, content)
    return tmp_path / "forged.zip"


def test_files_come_back(archive: Path, tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    assert unpacked(archive, clone) == sorted(FILES)
    assert files_of(clone) == FILES
    for path in FILES:
        verify_checksum(clone / path)
    times = {(clone / path).stat().st_mtime_ns for path in FILES}
    assert len(times) == 1  # or Snakemake would take one for newer than another


def test_same_files_give_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    pack(tmp_path / "again.zip", dict(reversed(FILES.items())), CONFIG)
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_only_what_the_config_needs_is_unpacked(tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    others = {"results/tables/planted.csv": b"", "results/other/tables/runs.csv": b""}
    assert unpacked(forged(tmp_path, {**FILES, **others}), clone) == list(FILES)
    assert files_of(clone) == FILES


def test_what_describes_an_archive_stays_in_it(tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    (clone / "Snakefile").write_text("its own")
    about = {"Snakefile": b"another", "ro-crate-metadata.json": b"{}"}
    about |= {"results/quick/provenance.json": b"of another day"}
    assert unpacked(forged(tmp_path, {**FILES, **about}), clone) == list(FILES)
    assert files_of(clone) == {**FILES, "Snakefile": b"its own"}


@pytest.mark.long
def test_no_flipped_bit_is_unpacked(archive: Path, tmp_path: Path) -> None:
    whole, refused = archive.read_bytes(), 0
    clone = fresh(tmp_path)
    for position in range(len(whole)):
        flipped = bytes([whole[position] ^ 1 << position % 8])
        archive.write_bytes(whole[:position] + flipped + whole[position + 1 :])
        try:
            unpacked(archive, clone)
        except InputError as error:
            assert str(error).startswith(str(archive))
            assert files_of(clone) == {}
            refused += 1
        else:  # a bit that says nothing about names or contents, such as a date
            assert files_of(clone) == FILES
            for path in FILES:
                (clone / path).unlink()
    assert refused > len(whole) / 2


@pytest.mark.long
def test_no_part_of_an_archive_is_unpacked(archive: Path, tmp_path: Path) -> None:
    whole, clone = archive.read_bytes(), fresh(tmp_path)
    for length in range(len(whole)):
        archive.write_bytes(whole[:length])
        with pytest.raises(InputError, match=r"release\.zip: "):
            unpacked(archive, clone)
    assert files_of(clone) == {}


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/tmp/evil",
        "results/../../evil",
        "results/tables/../../../evil",
        "results\\..\\..\\evil",
        "results/./evil",
        "results//evil",
        "C:/evil",
        "src/spikeloc/evil.py",
        "results",
        "..",
        "results/" + "evil" * 1000,
        "results/" + "evil/" * 1000 + "evil",
    ],
)
def test_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    clone = fresh(tmp_path)
    with pytest.raises(InputError, match=r"forged\.zip: unsafe name"):
        unpacked(forged(tmp_path, {**FILES, name: b"evil"}), clone)
    assert files_of(clone) == {} and not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_only_plain_files_are_unpacked(tmp_path: Path, kind: int) -> None:
    clone = fresh(tmp_path)
    with pytest.raises(InputError, match="results/link is not a plain file"):
        unpacked(forged(tmp_path, {"results/link": b"/etc/passwd"}, kind), clone)
    assert files_of(clone) == {}


def test_file_that_the_manifest_does_not_name_is_refused(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive, "a") as changed:
        changed.writestr("results/more.csv", b"")
    with pytest.raises(InputError, match=r"'results/more\.csv' is not in both"):
        unpacked(archive, fresh(tmp_path))


def test_name_that_stands_twice_is_refused(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive, "a") as changed, pytest.warns(UserWarning, match="Duplicate"):
        changed.writestr("results/arrays/trial.npz", b"other")
    with pytest.raises(InputError, match="holds a name twice"):
        unpacked(archive, fresh(tmp_path))


def test_huge_archive_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "MOST_BYTES", 1000)
    unpacked(archive, fresh(tmp_path))
    huge = forged(tmp_path, {"results/zeros": bytes(1000)})
    with pytest.raises(InputError, match="holds more than"):
        unpacked(huge, fresh(tmp_path))


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"seeds": [1, 3]}, r"seeds\.1"),
        ({"seeds": [1, 2, 3]}, "seeds"),
        ({"network": {"tau_ms": 6.0, "classes": 12}}, r"network\.tau_ms"),
        ({"name": "quick", "device": "cuda"}, "name, device"),
        ({f"x{number}": 0 for number in range(7)}, "x0, x1, x2, x3, x4 and 2 more"),
    ],
)
def test_other_config_is_refused_and_its_fields_are_named(
    archive: Path, tmp_path: Path, change: dict[str, Any], fields: str
) -> None:
    message = rf"release\.zip: made with another config, 'paper', which differs in {fields}$"
    with pytest.raises(InputError, match=message):
        unpacked(archive, fresh(tmp_path), CONFIG | change)


@pytest.mark.parametrize(
    "name",
    ["tau\x1b[31m", "\u202etxt", "a\nb", "x" * 60_000],
    ids=["colour", "direction", "line", "length"],
)
def test_what_an_archive_calls_its_parts_is_printed_escaped(tmp_path: Path, name: str) -> None:
    hostile = [
        forged(tmp_path / "1", FILES, config=CONFIG | {"name": name, name: 1}),
        forged(tmp_path / "2", {f"../{name}": b""}),
        forged(tmp_path / "3", {f"results/{name}": b""}, kind=stat.S_IFLNK),
    ]
    with zipfile.ZipFile(forged(tmp_path / "4", FILES), "a") as changed:
        changed.writestr(name[:1000], b"")
    for archive in [*hostile, tmp_path / "4/forged.zip"]:
        with pytest.raises(InputError) as refused:
            unpacked(archive, fresh(tmp_path))
        said = str(refused.value)
        assert said.isprintable() and len(said) < 1500


def test_labels_are_those_of_the_config(tmp_path: Path) -> None:
    text = 'experiment,condition,label,mean\na,b,"old, one",0.10\na,c,other,1e-05\n'
    files = {"results/tables/summary.csv": text.encode(), **FILES}
    pack(tmp_path / "release.zip", files, CONFIG)
    source = tmp_path / "release.zip"
    for label, cell in (("old, one", '"old, one"'), ("new", "new"), ('"', '""""')):
        clone = fresh(tmp_path)
        unpacked(source, clone, wanted=files, labels={("a", "b"): label, ("x", "c"): "no"})
        assert files_of(clone) == {
            **files,
            "results/tables/summary.csv": text.replace('"old, one"', cell).encode(),
        }


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", b"")
    with pytest.raises(InputError, match="not an archive of `make release`"):
        unpacked(tmp_path / "photos.zip", fresh(tmp_path))
    with pytest.raises(InputError, match=r"missing\.zip: no such file"):
        unpacked(tmp_path / "missing.zip", fresh(tmp_path))


def test_file_with_other_content_is_kept(archive: Path, tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    (clone / "results/tables").mkdir(parents=True)
    own = clone / "results/tables/runs.csv"
    own.write_bytes(b"my own run\n")
    with pytest.raises(InputError, match=r"runs\.csv: exists with other content"):
        unpacked(archive, clone)
    assert files_of(clone) == {"results/tables/runs.csv": b"my own run\n"}


def test_second_time_changes_nothing(archive: Path, tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    unpacked(archive, clone)
    for path in FILES:
        os.utime(clone / path, (1e9, 1e9))
    unpacked(archive, clone)
    assert {(clone / path).stat().st_mtime for path in FILES} == {1e9}


def test_folder_that_cannot_be_written_is_one_message(archive: Path, tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    (clone / "results").write_text("a file")
    with pytest.raises(InputError, match=r"results: cannot be written \("):
        unpacked(archive, clone)


def test_failure_in_the_middle_leaves_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def disk_full(source: Path, target: Path) -> None:
        if Path(target).name == "runs.csv":  # the second of the two
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr("os.replace", disk_full)
    clone = fresh(tmp_path)
    with pytest.raises(InputError, match=r"results: cannot be written \(No space left"):
        unpacked(archive, clone)
    assert files_of(clone) == {}

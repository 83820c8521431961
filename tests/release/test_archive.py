"""The archive of a run's tables: whole or not at all, and never a file elsewhere."""

import hashlib
import os
import stat
import zipfile
from pathlib import Path

import pytest

from spikeloc.io.checksums import verify_checksum
from spikeloc.io.errors import InputError
from spikeloc.io.files import write_checked_json
from spikeloc.release import archive as release
from spikeloc.release.archive import MANIFEST, pack, unpack

CONFIG = "c0ffee" * 10
FILES = {"results/tables/runs.csv": b"seed,accuracy\n1,71\n", "results/arrays/trial.npz": b"\0\1"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    pack(tmp_path / "release.zip", FILES, "paper", CONFIG)
    return tmp_path / "release.zip"


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if not path.is_dir() and path.suffix != ".sha256"
    }


def fresh(tmp_path: Path) -> Path:
    folder = tmp_path / f"clone-{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    return folder


def forged(tmp_path: Path, files: dict[str, bytes], kind: int = stat.S_IFREG) -> Path:
    """An archive whose manifest describes every file rightly, whatever its name and kind."""
    described = {
        path: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in files.items()
    }
    about = {"format": 1, "name": "paper", "config_sha256": CONFIG, "files": described}
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
    assert unpack(archive, clone, CONFIG) == sorted(FILES)
    assert files_of(clone) == FILES
    for path in FILES:
        verify_checksum(clone / path)
    times = {(clone / path).stat().st_mtime_ns for path in FILES}
    assert len(times) == 1  # or Snakemake would take one for newer than another


def test_same_files_give_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    pack(tmp_path / "again.zip", dict(reversed(FILES.items())), "paper", CONFIG)
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_what_describes_an_archive_stays_in_it(tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    (clone / "Snakefile").write_text("its own")
    about = {"Snakefile": b"another", "ro-crate-metadata.json": b"{}"}
    about |= {"results/quick/provenance.json": b"of another day"}
    assert unpack(forged(tmp_path, {**FILES, **about}), clone, CONFIG) == list(FILES)
    assert files_of(clone) == {**FILES, "Snakefile": b"its own"}


@pytest.mark.long
def test_no_flipped_bit_is_unpacked(archive: Path, tmp_path: Path) -> None:
    whole, refused = archive.read_bytes(), 0
    clone = fresh(tmp_path)
    for position in range(len(whole)):
        flipped = bytes([whole[position] ^ 1 << position % 8])
        archive.write_bytes(whole[:position] + flipped + whole[position + 1 :])
        try:
            unpack(archive, clone, CONFIG)
        except InputError as error:
            assert str(error).startswith(str(archive))
            assert files_of(clone) == {}
            refused += 1
        else:  # a bit that says nothing about names or contents, such as a date
            assert files_of(clone) == FILES
            for path in FILES:
                (clone / path).unlink()
    assert refused > len(whole) / 2


def test_no_part_of_an_archive_is_unpacked(archive: Path, tmp_path: Path) -> None:
    whole, clone = archive.read_bytes(), fresh(tmp_path)
    for length in range(len(whole)):
        archive.write_bytes(whole[:length])
        with pytest.raises(InputError, match=r"release\.zip: "):
            unpack(archive, clone, CONFIG)
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
        "results/tables",  # the folder of another file
        "..",
    ],
)
def test_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    clone = fresh(tmp_path)
    with pytest.raises(InputError, match=r"forged\.zip: unsafe name"):
        unpack(forged(tmp_path, {**FILES, name: b"evil"}), clone, CONFIG)
    assert files_of(clone) == {} and not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_only_plain_files_are_unpacked(tmp_path: Path, kind: int) -> None:
    clone = fresh(tmp_path)
    with pytest.raises(InputError, match="results/link is not a plain file"):
        unpack(forged(tmp_path, {"results/link": b"/etc/passwd"}, kind), clone, CONFIG)
    assert files_of(clone) == {}


def test_file_that_the_manifest_does_not_name_is_refused(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive, "a") as changed:
        changed.writestr("results/more.csv", b"")
    with pytest.raises(InputError, match=r"results/more\.csv is not in both"):
        unpack(archive, fresh(tmp_path), CONFIG)


def test_name_that_stands_twice_is_refused(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive, "a") as changed, pytest.warns(UserWarning, match="Duplicate"):
        changed.writestr("results/arrays/trial.npz", b"other")
    with pytest.raises(InputError, match="holds a name twice"):
        unpack(archive, fresh(tmp_path), CONFIG)


def test_huge_archive_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "MOST_BYTES", 1000)
    unpack(archive, fresh(tmp_path), CONFIG)
    huge = forged(tmp_path, {"results/zeros": bytes(1000)})
    with pytest.raises(InputError, match="holds more than"):
        unpack(huge, fresh(tmp_path), CONFIG)


def test_other_config_is_refused(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"made with another config 'paper'.*c0ffeec0ffee"):
        unpack(archive, fresh(tmp_path), "0" * 64)


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", b"")
    with pytest.raises(InputError, match="not an archive of `make release`"):
        unpack(tmp_path / "photos.zip", fresh(tmp_path), CONFIG)
    with pytest.raises(InputError, match=r"missing\.zip: no such file"):
        unpack(tmp_path / "missing.zip", fresh(tmp_path), CONFIG)


def test_file_with_other_content_is_kept(archive: Path, tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    (clone / "results/tables").mkdir(parents=True)
    own = clone / "results/tables/runs.csv"
    own.write_bytes(b"my own run\n")
    with pytest.raises(InputError, match=r"runs\.csv: exists with other content"):
        unpack(archive, clone, CONFIG)
    assert files_of(clone) == {"results/tables/runs.csv": b"my own run\n"}


def test_second_time_changes_nothing(archive: Path, tmp_path: Path) -> None:
    clone = fresh(tmp_path)
    unpack(archive, clone, CONFIG)
    for path in FILES:
        os.utime(clone / path, (1e9, 1e9))
    unpack(archive, clone, CONFIG)
    assert {(clone / path).stat().st_mtime for path in FILES} == {1e9}


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
    with pytest.raises(OSError, match="No space left"):
        unpack(archive, clone, CONFIG)
    assert files_of(clone) == {}

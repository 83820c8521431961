"""A checksum beside every file that a job makes, checked by every job that reads the file.

The checksum of ``results/tables/runs.csv`` is in ``results/tables/.runs.csv.sha256``: one line in
the format of sha256sum, with the path of the file from the project's folder. The path identifies
its content (network, stimulus, seed, experiment, condition), so swapped files are noticed even if
their checksums were moved with them.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from spikeloc.io.errors import InputError
from spikeloc.io.files import reading, remove_unfinished, write_text

REMEDY = "delete it, and the next run that needs it will make it again"


@contextmanager
def checked_files(reads: Iterable[str | Path], writes: Iterable[str | Path]) -> Iterator[None]:
    """Check the files that a job reads before it, and write checksums of its outputs after it.

    Args:
        reads: files of any kind that other jobs have made.
        writes: files that the job makes.

    Raises:
        InputError: a file is missing, altered or in the place of another one; the message names it.
    """
    for path in reads:
        verify_checksum(path)
    yield
    for path in writes:
        write_checksum(path)


def write_checksum(path: str | Path, path_in_project: str | Path | None = None) -> None:
    """Write the checksum of a file.

    Args:
        path: of the file.
        path_in_project: its path from the project's folder, if that is not ``path``.

    Raises:
        InputError: the disk is full.
    """
    path = Path(path)
    recorded = Path(path_in_project or path).as_posix()
    write_text(checksum_path(path), f"{_checksum(path)}  {recorded}\n")


def verify_checksum(path: str | Path) -> None:
    """Compare a file with the checksum beside it.

    Raises:
        InputError: the file is missing, altered or in the place of another one.
    """
    path = Path(path)
    beside = checksum_path(path)
    with reading(path, "a file"):
        if not path.is_file():
            raise InputError(f"{path}: no such file")
        if not beside.is_file():
            raise InputError(f"{path}: there is no checksum beside it; {REMEDY}")
        found, recorded = _checksum(path), beside.read_text(encoding="utf-8", errors="replace")
    checksum, _, name = recorded.rstrip("\n").partition("  ")
    if not (re.fullmatch("[0-9a-f]{64}", checksum) and name):
        raise InputError(f"{path}: the checksum beside it is damaged; {REMEDY}")
    if checksum != found:
        raise InputError(
            f"{path}: altered since it was written (checksum does not match); {REMEDY}"
        )
    expected = Path(name).parts
    if path.absolute().parts[-len(expected) :] != expected:
        raise InputError(f"{path}: another file ({name}) is in its place; {REMEDY}")


def checksum_path(path: Path) -> Path:
    """The path of a file's checksum."""
    return path.with_name(f".{path.name}.sha256")


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_checksums(paths: Iterable[str | Path]) -> None:
    """Delete the checksums of those files that are gone."""
    for path in map(Path, paths):
        if not path.exists():
            checksum_path(path).unlink(missing_ok=True)


def remove_unfinished_files(paths: Iterable[str | Path]) -> None:
    """Delete unfinished copies of these files and of their checksums that killed jobs have left."""
    for path in map(Path, paths):
        remove_unfinished(path)
        remove_unfinished(checksum_path(path))

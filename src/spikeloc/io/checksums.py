"""A checksum beside every file that a job makes, checked by every job that reads it.

The checksum of ``results/tables/runs.csv`` is ``results/tables/.runs.csv.sha256``: a line as sha256sum
writes it, with the file's path from the project's folder. The path says what a file is of (network,
stimulus, seed, experiment, condition): files that have changed places are noticed even where their
checksums have moved along.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from spikeloc.io.errors import InputError
from spikeloc.io.files import remove_unfinished, write_text

REMEDY = "delete it, and the next run that needs it makes it again"


@contextmanager
def checked_files(reads: Iterable[str | Path], writes: Iterable[str | Path]) -> Iterator[None]:
    """Check the files that a job reads before it starts, and checksum those that it has written.

    ``reads``: files that other jobs have made, of any kind.

    Raises:
        InputError: a file is missing, altered, or not what its path says; the message names it.
    """
    for path in reads:
        verify_checksum(path)
    yield
    for path in writes:
        write_checksum(path)


def write_checksum(path: str | Path, named: str | Path | None = None) -> None:
    """Write the checksum of a file; ``named``: its path from the project's folder, if that is not
    ``path``."""
    path = Path(path)
    write_text(checksum_path(path), f"{_checksum(path)}  {Path(named or path).as_posix()}\n")


def verify_checksum(path: str | Path) -> None:
    """Raises:
    InputError: the file is missing, altered, or not what its path says; the message names it.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    try:
        checksum, named = (
            checksum_path(path).read_text(encoding="utf-8").rstrip("\n").split("  ", 1)
        )
    except FileNotFoundError:
        raise InputError(f"{path}: has no checksum beside it; {REMEDY}") from None
    except ValueError:  # not two words, or no text at all
        raise InputError(f"{path}: the checksum beside it is damaged; {REMEDY}") from None
    if checksum != _checksum(path):
        raise InputError(
            f"{path}: altered since it was written (checksum does not match); {REMEDY}"
        )
    own = Path(named).parts
    if path.absolute().parts[-len(own) :] != own:
        raise InputError(f"{path}: is another file ({named}) in this one's place; {REMEDY}")


def checksum_path(path: Path) -> Path:
    """Where the checksum of a file is."""
    return path.with_name(f".{path.name}.sha256")


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_unfinished_files(paths: Iterable[str | Path]) -> None:
    """Delete what killed writers of these files and of their checksums have left beside them."""
    for path in map(Path, paths):
        remove_unfinished(path)
        remove_unfinished(checksum_path(path))

"""Writing files whole or not at all, and noticing damage when they are read."""

import errno
import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from spikeloc.io.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

# The files of a trained ensemble: the key of each in the code, and its name in the folder.
RUN_FILES = {
    "weights": "weights.safetensors",
    "history": "history.csv",
    "metrics": "metrics.csv",
    "confusion": "confusion.csv",
    "predictions": "predictions.npz",
    "rates": "learning_rates.csv",
}

UNFINISHED = ".unfinished-"  # the name of a file begins with this until it is complete
KEPT_BITS = ".bits"  # and with this the name of spikes that are kept while a run lasts
# Error codes of a disk, or of a user's quota, that is full.
FULL = {errno.ENOSPC, errno.EDQUOT}
NO_SPACE = "no space left on its disk; make room and run again"


@contextmanager
def naming_a_full_disk(target: str | Path) -> Iterator[None]:
    """Turn the system's error for a full disk into one that names the file.

    Raises:
        InputError: there was no space left to write ``target``.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise InputError(f"{target}: {NO_SPACE}") from None
        raise


@contextmanager
def reading(source: str | Path, kind: str) -> Iterator[None]:
    """Turn all that goes wrong while a file is read into one message.

    A file that the system does not hand over (its permissions, a broken disk) is not a damaged one.

    Args:
        source: the file.
        kind: what it should be ("a CSV table").

    Raises:
        InputError: the file is missing, cannot be read, or is of another kind.
    """
    try:
        yield
    except (InputError, MemoryError):
        raise
    except FileNotFoundError:
        raise InputError(f"{source}: no such file") from None
    except Exception as error:  # damage makes zipfile, zlib, numpy and pandas raise many kinds
        if isinstance(error, OSError) and error.errno:
            raise InputError(f"{source}: cannot be read ({error.strerror})") from None
        raise InputError(f"{source}: damaged or not {kind} ({error})") from None


@contextmanager
def atomic_path(target: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside ``target`` (same suffix) that replaces it on success.

    A reader sees the old file or the complete new one, never a part; after an error or a kill the
    old one is still there. The temporary name is unique, so two writers cannot interfere.

    Raises:
        InputError: the disk is full.
    """
    target = Path(target)
    with naming_a_full_disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f"{UNFINISHED}{target.stem}-", suffix=target.suffix
        )
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)  # mkstemp makes files that only their owner can read
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)


def check_writable(folders: Iterable[str | Path]) -> None:
    """Check that files can be written to these folders, or that the folders can be made.

    Raises:
        InputError: a folder is not writable; the message names it and the reason.
    """
    existing: dict[Path, Path] = {}
    for folder in map(Path, folders):
        place = folder
        while not os.path.lexists(place) and place != place.parent:
            place = place.parent
        existing.setdefault(place, folder)
    for place, folder in existing.items():
        try:
            with tempfile.NamedTemporaryFile(dir=place, prefix=UNFINISHED):
                pass
        except OSError as error:
            raise InputError(f"{folder}: cannot be written ({error.strerror})") from None


def remove_unfinished(target: str | Path) -> None:
    """Delete unfinished copies of ``target`` that killed jobs have left beside it.

    A job that is still running then fails because its file is gone, which is intended.
    """
    target = Path(target)
    for path in target.parent.glob(f"{UNFINISHED}{target.stem}-????????{target.suffix}"):
        path.unlink(missing_ok=True)


def remove_kept_bits(stimuli: Path, kept_bytes: int = 0) -> None:
    """Remove the spikes that jobs have left below the folder of all stimuli, but not the last used
    ones of this size, as far as files can be removed. If none are to stay, unfinished ones go too.
    """
    used = []
    for path in stimuli.glob(f"*/{'?' * 64}{KEPT_BITS}"):  # named by its SHA-256
        with suppress(OSError):  # another job was faster
            used.append((path.stat().st_mtime, path.stat().st_size, path))
    gone = [] if kept_bytes else [*stimuli.glob(f"*/{UNFINISHED}*{KEPT_BITS}")]
    for _, size, path in sorted(used, reverse=True):
        kept_bytes -= size
        if kept_bytes < 0:
            gone.append(path)
    for path in gone:
        with suppress(OSError):  # or it is another user's
            path.unlink()


def copy_file(source: str | Path, target: str | Path) -> None:
    """Copy a file's content."""
    with atomic_path(target) as temporary:
        shutil.copyfile(source, temporary)


def write_text(target: str | Path, text: str) -> None:
    """Write ``text`` as UTF-8; newlines are not converted."""
    with atomic_path(target) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_table(target: str | Path, table: "pd.DataFrame") -> None:
    """Write a table as CSV: no index, numbers with the fewest exact digits, NaN as empty."""
    write_text(target, table.to_csv(index=False, lineterminator="\n"))


def read_table(source: str | Path, /, **types: Any) -> "pd.DataFrame":
    """Read a CSV table.

    Args:
        source: path of the file.
        types: dtype of each column that must not be guessed, by name.

    Raises:
        InputError: the file is missing, empty or not a table.
    """
    import pandas as pd  # here, because it takes half a second and half of the jobs do not need it

    with reading(source, "a CSV table"):
        return pd.read_csv(source, keep_default_na=False, na_values=[""], dtype=types)


def write_arrays(target: str | Path, **arrays: npt.ArrayLike) -> None:
    """Write named arrays as an npz, without pickles.

    Not :func:`numpy.savez`: the headers of its zip entries differ between versions of Python, and
    compressed bytes (a sixth fewer) between builds of zlib.
    """
    with atomic_path(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asanyarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")  # its default date is 1980
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, content.getvalue())


def read_arrays(source: str | Path) -> dict[str, npt.NDArray[Any]]:
    """Read what :func:`write_arrays` wrote; zip's own checksums notice damage.

    Raises:
        InputError: the file is missing or damaged.
    """
    with (
        reading(source, "an npz archive"),
        Path(source).open("rb") as file,
        np.load(file, allow_pickle=False) as archive,  # noqa: TID251
    ):
        return {name: archive[name] for name in archive.files}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of a mapping's canonical JSON (sorted keys, no white space).

    Raises:
        ValueError: a number is NaN or infinite.
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_checked_json(target: str | Path, content: Mapping[str, Any]) -> None:
    """Write JSON that carries the checksum of its own content under ``sha256``."""
    write_text(target, json.dumps({**content, "sha256": digest(content)}, indent=1) + "\n")


def read_checked_json(source: str | Path) -> dict[str, Any]:
    """Read what :func:`write_checked_json` wrote.

    Raises:
        InputError: the file is missing, is not JSON, or does not match its checksum.
    """
    with reading(source, "JSON"):
        content = json.loads(Path(source).read_text(encoding="utf-8"))
    if not isinstance(content, dict) or "sha256" not in content:
        raise InputError(f"{source}: has no checksum")
    checksum = content.pop("sha256")
    try:
        whole = digest(content) == checksum
    except (ValueError, RecursionError):  # NaN and depths that Python reads but does not write
        whole = False
    if not whole:
        raise InputError(f"{source}: altered since it was written (checksum does not match)")
    return content

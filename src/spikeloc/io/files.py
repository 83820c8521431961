"""Whole or not at all: how files are written, and how damage is noticed when they are read."""

import errno
import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from spikeloc.io.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

# The files of a trained ensemble: what they are called where they are passed on, and in its folder.
RUN_FILES = {
    "weights": "weights.safetensors",
    "history": "history.csv",
    "metrics": "metrics.csv",
    "confusion": "confusion.csv",
    "predictions": "predictions.npz",
    "rates": "learning_rates.csv",
}


# How the name of a file begins that is still being written.
UNFINISHED = ".unfinished-"
# What the system calls a disk, or a user's share of it, that has no room left.
FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def naming_a_full_disk(target: str | Path) -> Iterator[None]:
    """Raises:
    InputError: there was no space left where ``target`` was to be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            reason = "no space left on its disk; make room and run again"
            raise InputError(f"{target}: {reason}") from None
        raise


@contextmanager
def atomic_path(target: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside ``target`` (same suffix) that replaces it on success.

    A reader sees the old file or the whole new one, never a part; after an error or a kill the
    old one is still there. The name is unique, so that an orphaned writer cannot interfere.
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


def remove_unfinished(target: str | Path) -> None:
    """Delete what killed writers of ``target`` have left beside it.

    One that has outlived its run fails when it finds its file gone, which is as it should be.
    """
    target = Path(target)
    for path in target.parent.glob(f"{UNFINISHED}{target.stem}-????????{target.suffix}"):
        path.unlink(missing_ok=True)


def copy_file(source: str | Path, target: str | Path) -> None:
    """Copy a file's content."""
    with atomic_path(target) as temporary:
        shutil.copyfile(source, temporary)


def write_text(target: str | Path, text: str) -> None:
    """Write ``text`` as UTF-8 with newlines as they are."""
    with atomic_path(target) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_table(target: str | Path, table: "pd.DataFrame") -> None:
    """Write a table as CSV: no index, shortest digits that read back the same, empty for NaN."""
    write_text(target, table.to_csv(index=False, lineterminator="\n"))


def read_table(source: str | Path, /, **types: Any) -> "pd.DataFrame":
    """Read a CSV table; ``types``: those of columns that must not be guessed.

    Raises:
        InputError: the file is missing, empty or not a table.
    """
    import pandas as pd  # not at the top: it costs half a second that half of the rules can save

    try:
        return pd.read_csv(source, keep_default_na=False, na_values=[""], dtype=types)
    except FileNotFoundError:
        raise InputError(f"{source}: no such file") from None
    except (ValueError, OSError) as error:  # pandas' own errors are ValueErrors
        raise InputError(f"{source}: damaged or not a CSV table ({error})") from None


def write_arrays(target: str | Path, **arrays: npt.ArrayLike) -> None:
    """Write named arrays as an npz, without pickles.

    Each is handed over whole and not compressed (that would save a sixth): headers of what numpy
    streams into a zip differ between versions of Python, compressed bytes between builds of zlib.
    """
    with atomic_path(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asanyarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, as every zip without a date
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, content.getvalue())


def read_arrays(source: str | Path) -> dict[str, npt.NDArray[Any]]:
    """Read what :func:`write_arrays` wrote; zip's own checksums notice damage.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        with Path(source).open("rb") as file, np.load(file, allow_pickle=False) as archive:  # noqa: TID251
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise InputError(f"{source}: no such file") from None
    except Exception as error:  # damage makes zipfile, zlib and numpy raise a dozen kinds
        raise InputError(f"{source}: damaged or not an npz archive ({error})") from None


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of a mapping's canonical JSON (sorted keys, no white space, no NaN)."""
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
    try:
        content = json.loads(Path(source).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{source}: no such file") from None
    except (ValueError, OSError) as error:
        raise InputError(f"{source}: damaged or not JSON ({error})") from None
    if not isinstance(content, dict) or "sha256" not in content:
        raise InputError(f"{source}: has no checksum")
    sealed = content.pop("sha256")
    try:
        whole = digest(content) == sealed
    except ValueError:  # NaN and infinity, which Python reads but which are not JSON
        whole = False
    if not whole:
        raise InputError(f"{source}: altered since it was written (checksum does not match)")
    return content

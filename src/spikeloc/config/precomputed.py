"""Tables of other configs that are kept among the sources, because they take long to make."""

import csv
import hashlib
from pathlib import Path

from spikeloc.io.errors import InputError
from spikeloc.io.files import read_checked_json, reading

# The tables of an experiment that are kept, as far as its config makes them.
TABLES = (
    "runs",
    "summary",
    "comparisons",
    "ceiling",
    "efficiency",
    "convergence",
    "tests_summary",
)
# Those that claims and texts read together with the tables of their own config.
JOINED = ("runs", "summary", "comparisons", "efficiency", "convergence", "tests_summary")
ORIGIN = "origin.json"


def kept_files(folder: str | Path) -> dict[str, str]:
    """The SHA-256 of every file that ``origin.json`` lists, by its path in the folder.

    Raises:
        InputError: ``origin.json`` is missing or altered.
    """
    return dict(read_checked_json(Path(folder, ORIGIN))["files"])


def precomputed_tables(folder: str | Path) -> dict[str, dict[str, Path]]:
    """The tables in the folder, by experiment and name.

    Raises:
        InputError: ``origin.json`` is missing or altered.
    """
    tables: dict[str, dict[str, Path]] = {}
    for path in map(Path, kept_files(folder)):
        if path.suffix == ".csv":
            tables.setdefault(path.parent.as_posix(), {})[path.stem] = Path(folder, path)
    return tables


def check_precomputed(folder: str | Path) -> None:
    """Check that all files are there and as they were kept.

    Raises:
        InputError: a file is missing or altered; the message names it.
    """
    for name, checksum in kept_files(folder).items():
        path = Path(folder, name)
        with reading(path, "a file"):
            found = sha256(path)
        if found != checksum:
            raise InputError(f"{path}: is not what {Path(folder, ORIGIN)} says (SHA-256 differs)")


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table, every cell as it is written.

    Raises:
        InputError: the file is missing or not a table.
    """
    with reading(path, "a CSV table"), path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

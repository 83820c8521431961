"""Pack the tables and small arrays from which panels and documents are made, and unpack them.

The archive is a zip file with a ``MANIFEST.json``, which has its own checksum and holds the
config's settings and the length and SHA-256 of every file. The same files give the same bytes.
What panels and documents of a config are made from is unpacked, all of it or nothing; other files
stay in the archive. It is also a Workflow Run RO-Crate (see ``spikeloc.release.crate``).
"""

import argparse
import csv
import hashlib
import io
import os
import stat
import sys
import tempfile
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.io.checksums import checksum_path, write_checksum
from spikeloc.io.errors import InputError, printable, shown
from spikeloc.io.files import atomic_path, read_checked_json, reading, write_checked_json
from spikeloc.io.sources import check_folder
from spikeloc.plots.catalogue import Panel, panels
from spikeloc.release.origin import differences, settings

MANIFEST = "MANIFEST.json"
FORMAT = 2
# The folder of all unpacked files, and the limits of their size and names: the paper's tables are
# megabytes.
TOP = "results"
MOST_BYTES = 1 << 28
MOST_LETTERS = 500
PAGE = "explorer.html"  # the interactive page, on top so that people find it
# These are for readers of the archive; they are not unpacked.
ABOUT = {"ro-crate-metadata.json", "Snakefile", PAGE}
# A message names so many of the fields in which two configs differ.
MOST_NAMED = 5

Labels = Mapping[tuple[str, str], str]


def released_files(plan: Plan, drawn: Mapping[str, Panel]) -> list[str]:
    """The files that panels and documents are made from, as far as an archive has them.

    Claims, numbers and the resolved config are made again from an archive, because texts and labels
    may be newer than it.
    """
    files = {path for panel in drawn.values() for path in panel.files()}
    files |= {path.as_posix() for name, path in plan.made_tables().items() if name != "claims"}
    files |= {path.as_posix() for paths in plan.precomputed_files().values() for path in paths}
    explored = plan.explorer_inputs().values()
    lists = (each if isinstance(each, list) else [each] for each in explored)
    files |= {path.as_posix() for paths in lists for path in paths}
    return sorted({*files, (plan.results / "origin.json").as_posix()})


def pack(target: str | Path, contents: Mapping[str, bytes], config: Mapping[str, Any]) -> None:
    """Write an archive to ``target``.

    Args:
        contents: the bytes of each file, by its path in the project.
        config: what the config says, see :func:`spikeloc.release.origin.settings`.
    """
    contents = dict(sorted(contents.items()))
    described = {path: _description(each) for path, each in contents.items()}
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder, MANIFEST)
        write_checked_json(manifest, {"format": FORMAT, "config": config, "files": described})
        contents = {MANIFEST: manifest.read_bytes(), **contents}
    with atomic_path(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for path, each in contents.items():
            entry = zipfile.ZipInfo(path)  # without a time, so its date is 1980
            entry.create_system = 3  # the same value on every operating system
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, each, zipfile.ZIP_DEFLATED, compresslevel=9)


def unpack(
    source: str | Path,
    root: Path,
    config: Mapping[str, Any],
    wanted: Collection[str],
    labels: Labels,
) -> list[str]:
    """Unpack files of an archive below ``root``, all or none of them; return their paths.

    Files that exist with the same content are not written again. All files get the same time of
    change, which is now: newer than the project's sources, and none newer than another.

    Args:
        config: what the config says, see :func:`spikeloc.release.origin.settings`.
        wanted: the files to unpack, see :func:`released_files`. Others stay in the archive.
        labels: what the config calls each condition, by experiment and condition. Tables get these
            labels, because the archive's may be older.

    Raises:
        InputError: the archive is damaged, of another config, or contains an unsafe path, or a file
            exists with other content or cannot be written; the message names the archive or the
            file.
    """
    contents = _contents(Path(source), config)
    with reading(source, "an archive of tables"):
        contents = {
            path: _relabelled(content, labels) if path.endswith(".csv") else content
            for path, content in contents.items()
            if path in wanted
        }
    missing = [path for path in contents if not _is_there(root / path, contents[path])]
    placed: list[Path] = []
    try:
        root.joinpath(TOP).mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root / TOP, prefix=".unpack-") as folder:
            for number, path in enumerate(missing):
                Path(folder, str(number)).write_bytes(contents[path])
            for number, path in enumerate(missing):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(folder, str(number)), root / path)
                placed.append(root / path)
            for path in contents:
                write_checksum(root / path, path_in_project=path)
    except BaseException as error:
        for done in placed:
            done.unlink()
            checksum_path(done).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(f"{root / TOP}: cannot be written ({error.strerror})") from None
        raise
    if missing:
        moment = root.joinpath(missing[-1]).stat().st_mtime_ns
        for path in contents:
            os.utime(root / path, ns=(moment, moment))
    return list(contents)


def _contents(source: Path, config: Mapping[str, Any]) -> dict[str, bytes]:
    """The contents of all files of an archive by path, after all checks."""
    # zipfile and zlib raise many kinds of errors for damaged files
    with reading(source, "a zip archive"), zipfile.ZipFile(source) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        if len(entries) != len(archive.infolist()):
            raise InputError(f"{source}: holds a name twice")
        if sum(entry.file_size for entry in entries.values()) > MOST_BYTES:
            raise InputError(f"{source}: holds more than {MOST_BYTES >> 20} MiB")
        if MANIFEST not in entries:
            raise InputError(f"{source}: not an archive of `make release` (no {MANIFEST})")
        described = _described(source, archive.read(MANIFEST), config)
        _check_entries(source, entries, described)
        contents = {path: archive.read(path) for path in described}
    for path, content in contents.items():
        if _description(content) != described[path]:
            raise InputError(f"{source}: damaged: {path} does not match its checksum")
    return contents


def _described(
    source: Path, manifest: bytes, config: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """The descriptions of files in a manifest, after checking that it belongs to this config."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, MANIFEST)
        path.write_bytes(manifest)
        try:
            content = read_checked_json(path)
        except InputError as error:
            raise InputError(f"{source}: {str(error).removeprefix(f'{folder}/')}") from None
    if content.get("format") != FORMAT:
        raise InputError(f"{source}: has format {shown(content.get('format'))}, not {FORMAT}")
    if fields := differences(content["config"], config):
        named = ", ".join(field[:80] for field in fields[:MOST_NAMED])
        others = f" and {len(fields) - MOST_NAMED} more" if len(fields) > MOST_NAMED else ""
        raise InputError(
            f"{source}: made with another config, {shown(content['config'].get('name'))}, "
            f"which differs in {named}{others}"
        )
    return dict(content["files"])


def _check_entries(
    source: Path, entries: dict[str, zipfile.ZipInfo], described: dict[str, dict[str, Any]]
) -> None:
    """Refuse unsafe paths, entries that are not plain files, and entries without a description."""
    if set(entries) != {MANIFEST, *described}:
        odd = min(set(entries) ^ {MANIFEST, *described})
        raise InputError(f"{source}: damaged: {shown(odd)} is not in both manifest and archive")
    for path, wanted in described.items():
        if path not in ABOUT and not _is_below_top(path):
            raise InputError(f"{source}: unsafe name {shown(path)}")
        kind = stat.S_IFMT(entries[path].external_attr >> 16)
        if kind not in {0, stat.S_IFREG}:
            raise InputError(f"{source}: {path} is not a plain file")
        if entries[path].file_size != wanted["bytes"]:
            raise InputError(f"{source}: damaged: {path} does not have the length in the manifest")


def _is_below_top(path: str) -> bool:
    """Whether it is the plain name of a file in the folder of results."""
    if len(path) > MOST_LETTERS or "\\" in path or str(PurePosixPath(path)) != path:
        return False
    top, *rest = PurePosixPath(path).parts
    return top == TOP and bool(rest) and ".." not in rest


def _relabelled(content: bytes, labels: Labels) -> bytes:
    """A table whose conditions have these labels."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    if not rows or not {"experiment", "condition", "label"} <= set(rows[0]):
        return content
    names = [rows[0].index(name) for name in ("experiment", "condition")]
    at = rows[0].index("label")
    changed = False
    for row in rows[1:]:
        label = labels.get((row[names[0]], row[names[1]]), row[at])
        changed, row[at] = changed or label != row[at], label
    if not changed:
        return content
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _description(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _is_there(path: Path, content: bytes) -> bool:
    """Whether a file exists with this content.

    Raises:
        InputError: it exists with other content.
    """
    if not os.path.lexists(path):
        return False
    with reading(path, "a file"):
        if not path.is_file() or path.read_bytes() != content:
            raise InputError(f"{path}: exists with other content; move {TOP}/ away first")
    return True


def main() -> None:
    """Unpack an archive into the current folder, for `make redraw`."""
    parser = argparse.ArgumentParser(
        description="Unpack the files that panels and documents are made from."
    )
    parser.add_argument("archive", help="made by `make release`")
    parser.add_argument(
        "--config", required=True, help="the config that the archive has to belong to"
    )
    arguments = parser.parse_args()
    try:
        check_folder(Path.cwd())
        plan = Plan(load_config(arguments.config))
        wanted = released_files(plan, panels(plan))
        labels = {(run.experiment, run.condition): run.label for run in plan.runs}
        files = unpack(arguments.archive, Path.cwd(), settings(plan.config), wanted, labels)
    except InputError as error:
        sys.exit(f"error: {error}")
    source = printable(arguments.archive)
    print(f"{source}: {len(files)} files of config {plan.config.name!r}, all checked")


if __name__ == "__main__":
    main()

"""Pack the tables and small arrays from which panels and documents are made, and unpack them.

The archive is a zip file with a ``MANIFEST.json``, which has its own checksum and names the config
and the length and SHA-256 of every file. The same files give the same bytes. It is unpacked as a
whole or not at all. It is also a Workflow Run RO-Crate; the files that make it one are not
unpacked (see ``spikeloc.release.crate``).
"""

import argparse
import hashlib
import os
import stat
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from spikeloc.config.loading import load_config
from spikeloc.io.checksums import write_checksum
from spikeloc.io.errors import InputError
from spikeloc.io.files import atomic_path, read_checked_json, write_checked_json
from spikeloc.io.sources import check_folder
from spikeloc.release.origin import config_hash

MANIFEST = "MANIFEST.json"
FORMAT = 1
# The folder of all unpacked files, and the limit of their size: the paper's tables are megabytes.
TOP = "results"
STAYING = {"ro-crate-metadata.json", "Snakefile"}
# This file is not unpacked either: it contains times, which differ between runs.
TIMES = "/provenance.json"
MOST_BYTES = 1 << 28


def pack(target: str | Path, contents: Mapping[str, bytes], name: str, config: str) -> None:
    """Write an archive to ``target``.

    Args:
        contents: the bytes of each file, by its path in the project.
        name: name of the config.
        config: hash of the config, see :func:`spikeloc.release.origin.config_hash`.
    """
    contents = dict(sorted(contents.items()))
    described = {path: _description(each) for path, each in contents.items()}
    content = {"format": FORMAT, "name": name, "config_sha256": config, "files": described}
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder, MANIFEST)
        write_checked_json(manifest, content)
        contents = {MANIFEST: manifest.read_bytes(), **contents}
    with atomic_path(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for path, each in contents.items():
            entry = zipfile.ZipInfo(path)  # without a time, so its date is 1980
            entry.create_system = 3  # the same value on every operating system
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, each, zipfile.ZIP_DEFLATED, compresslevel=9)


def unpack(source: str | Path, root: Path, config: str) -> list[str]:
    """Unpack all files of an archive below ``root``, or none of them; return their paths.

    Files that exist with the same content are not written again. All files get the same time of
    change, which is now: newer than the project's sources, and none newer than another.

    Raises:
        InputError: the archive is damaged, of another config, or contains an unsafe path, or a file
            exists with other content; the message names the archive or the file.
    """
    contents = _contents(Path(source), config)
    missing = [path for path in contents if not _is_there(root / path, contents[path])]
    root.joinpath(TOP).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root / TOP, prefix=".unpack-") as folder:
        for number, path in enumerate(missing):
            Path(folder, str(number)).write_bytes(contents[path])
        placed: list[Path] = []
        try:
            for number, path in enumerate(missing):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(folder, str(number)), root / path)
                placed.append(root / path)
        except BaseException:
            for done in placed:
                done.unlink()
            raise
    if missing:
        moment = root.joinpath(missing[-1]).stat().st_mtime_ns
        for path in contents:
            os.utime(root / path, ns=(moment, moment))
    for path in contents:
        write_checksum(root / path, path_in_project=path)
    return list(contents)


def _contents(source: Path, config: str) -> dict[str, bytes]:
    """The contents of an archive by path, after all checks."""
    try:
        with zipfile.ZipFile(source) as archive:
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
    except FileNotFoundError:
        raise InputError(f"{source}: no such file") from None
    except InputError:
        raise
    except Exception as error:  # zipfile and zlib raise many kinds of errors for damaged files
        raise InputError(f"{source}: damaged or not a zip archive ({error})") from None
    for path, content in contents.items():
        if _description(content) != described[path]:
            raise InputError(f"{source}: damaged: {path} does not match its checksum")
    return {path: content for path, content in contents.items() if not _stays(path)}


def _described(source: Path, manifest: bytes, config: str) -> dict[str, dict[str, Any]]:
    """The descriptions of files in a manifest, after checking that it belongs to this config."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, MANIFEST)
        path.write_bytes(manifest)
        try:
            content = read_checked_json(path)
        except InputError as error:
            raise InputError(f"{source}: {str(error).removeprefix(f'{folder}/')}") from None
    if content.get("format") != FORMAT:
        raise InputError(f"{source}: has format {content.get('format')}, not {FORMAT}")
    if content["config_sha256"] != config:
        raise InputError(
            f"{source}: made with another config {content['name']!r} "
            f"(hash {content['config_sha256'][:12]}, here {config[:12]})"
        )
    return dict(content["files"])


def _check_entries(
    source: Path, entries: dict[str, zipfile.ZipInfo], described: dict[str, dict[str, Any]]
) -> None:
    """Refuse unsafe paths, entries that are not plain files, and entries without a description."""
    if set(entries) != {MANIFEST, *described}:
        odd = min(set(entries) ^ {MANIFEST, *described})
        raise InputError(f"{source}: damaged: {odd} is not in both manifest and archive")
    folders = {str(folder) for path in described for folder in PurePosixPath(path).parents}
    for path, wanted in described.items():
        top, *rest = PurePosixPath(path).parts
        plain = str(PurePosixPath(path)) == path and "\\" not in path and path not in folders
        placed = top == TOP and rest and ".." not in rest and plain
        if not placed and path not in STAYING:
            raise InputError(f"{source}: unsafe name {path!r}")
        kind = stat.S_IFMT(entries[path].external_attr >> 16)
        if kind not in {0, stat.S_IFREG}:
            raise InputError(f"{source}: {path} is not a plain file")
        if entries[path].file_size != wanted["bytes"]:
            raise InputError(f"{source}: damaged: {path} does not have the length in the manifest")


def _stays(path: str) -> bool:
    """Whether a file stays in the archive and is not unpacked."""
    return path in STAYING or path.endswith(TIMES)


def _description(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _is_there(path: Path, content: bytes) -> bool:
    """Whether a file exists with this content.

    Raises:
        InputError: it exists with other content.
    """
    if not os.path.lexists(path):
        return False
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
        config = load_config(arguments.config)
        files = unpack(arguments.archive, Path.cwd(), config_hash(config))
    except InputError as error:
        sys.exit(f"error: {error}")
    print(f"{arguments.archive}: {len(files)} files of config {config.name!r}, all checked")


if __name__ == "__main__":
    main()

"""A run's tables and small arrays in one archive, and back: what panels and paper are drawn from.

The archive is a zip with a sealed ``MANIFEST.json``: which config it is of, and length and SHA-256
of every file. The same files give the same bytes. It is unpacked whole or not at all. As it lies it
is a Workflow Run RO-Crate, too: what makes it one stays in it (see ``spikeloc.release.crate``).
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
from spikeloc.release.origin import config_hash

MANIFEST = "MANIFEST.json"
FORMAT = 1
# Where archived files may go, and how much of them there may be: a paper's tables are megabytes.
TOP = "results"
STAYING = {"ro-crate-metadata.json", "Snakefile"}
# Stays, too: it holds times, which differ in every run.
TIMES = "/provenance.json"
MOST_BYTES = 1 << 28


def pack(target: str | Path, contents: Mapping[str, bytes], name: str, config: str) -> None:
    """Write an archive of files, by their paths in the project.

    Args:
        name: of the config.
        config: its hash, see :func:`spikeloc.release.origin.config_hash`.
    """
    contents = dict(sorted(contents.items()))
    described = {path: _description(content) for path, content in contents.items()}
    about = {"format": FORMAT, "name": name, "config_sha256": config, "files": described}
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder, MANIFEST)
        write_checked_json(manifest, about)
        contents = {MANIFEST: manifest.read_bytes(), **contents}
    with atomic_path(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for path, content in contents.items():
            entry = zipfile.ZipInfo(path)  # dated 1980, as every zip without a date
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)


def unpack(source: str | Path, root: Path, config: str) -> list[str]:
    """Put an archive's files below ``root``, all of them or none; returns their paths.

    Files that are there with the same content are left alone. The others get one common time,
    which is now: younger than the project's sources, and none younger than another.

    Raises:
        InputError: naming the archive, if it is damaged, of another config, or holds a name that
            leads elsewhere; or naming a file that is there with other content.
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
    """What an archive holds, by path, once all of it is checked."""
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
    except Exception as error:  # damage makes zipfile and zlib raise a dozen kinds
        raise InputError(f"{source}: damaged or not a zip archive ({error})") from None
    for path, content in contents.items():
        if _description(content) != described[path]:
            raise InputError(f"{source}: damaged: {path} does not match its checksum")
    return {path: content for path, content in contents.items() if not _stays(path)}


def _described(source: Path, manifest: bytes, config: str) -> dict[str, dict[str, Any]]:
    """The manifest's descriptions of files, if it is a manifest and of this config."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, MANIFEST)
        path.write_bytes(manifest)
        try:
            content = read_checked_json(path)
        except InputError as error:
            raise InputError(f"{source}: {str(error).removeprefix(f'{folder}/')}") from None
    if content.get("format") != FORMAT:
        raise InputError(f"{source}: of format {content.get('format')}, not {FORMAT}")
    if content["config_sha256"] != config:
        raise InputError(
            f"{source}: made with another config {content['name']!r} "
            f"(hash {content['config_sha256'][:12]}, here {config[:12]})"
        )
    return dict(content["files"])


def _check_entries(
    source: Path, entries: dict[str, zipfile.ZipInfo], described: dict[str, dict[str, Any]]
) -> None:
    """Refuse names that lead elsewhere, what is not a plain file, and what is not described."""
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
            raise InputError(f"{source}: damaged: {path} does not have its length")


def _stays(path: str) -> bool:
    """Whether a file is not unpacked."""
    return path in STAYING or path.endswith(TIMES)


def _description(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _is_there(path: Path, content: bytes) -> bool:
    """Whether a file is there with this content.

    Raises:
        InputError: it is there with another.
    """
    if not os.path.lexists(path):
        return False
    if not path.is_file() or path.read_bytes() != content:
        raise InputError(f"{path}: is there with other content: move {TOP}/ away first")
    return True


def main() -> None:
    """Unpack an archive into the current folder, for `make redraw`."""
    parser = argparse.ArgumentParser(description="Unpack what panels and paper are drawn from.")
    parser.add_argument("archive", help="made by `make release`")
    parser.add_argument("--config", required=True, help="the config that it should be of")
    arguments = parser.parse_args()
    try:
        config = load_config(arguments.config)
        files = unpack(arguments.archive, Path.cwd(), config_hash(config))
    except InputError as error:
        sys.exit(f"error: {error}")
    print(f"{arguments.archive}: {len(files)} files, whole, of config {config.name!r}")


if __name__ == "__main__":
    main()

"""What determines a result: config, code and packages (for times and machine, see provenance)."""

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from spikeloc.config.models import Config
from spikeloc.io.errors import InputError
from spikeloc.io.files import digest, reading

# Packages whose versions can change the bytes of tables, figures and documents.
PACKAGES = ["torch", "numpy", "scipy", "pandas", "matplotlib", "typst", "snakemake"]
# Files and folders in which an edit can change a result, beside the config, and what counts there.
SOURCES = ["Snakefile", "workflow", "workflow/Snakefile", "src", "setup.py", "resources", "paper"]
SOURCES += ["CITATION.cff", "pyproject.toml", "requirements.txt"]
ENDINGS = {".bib", ".cpp", ".csv", ".hpp", ".py", ".smk", ".typ", ".yaml"}
ENDINGS |= {".css", ".html", ".js", ".LICENSE"}  # of the interactive page
# What a config says about texts and figures: it changes no number.
APPEARANCE: dict[str, Any] = {
    "explorer": True,
    "panels": True,
    "documents": True,
    "check_claims": True,
    "line_numbers": True,
    "anonymous": True,
    "experiments": {
        "__all__": {"title": True, "panel": True, "conditions": {"__all__": {"label": True}}}
    },
}


def settings(config: Config) -> dict[str, Any]:
    """All that a config says about numbers, with all defaults filled in, as plain data."""
    return config.model_dump(mode="json", exclude=APPEARANCE)


def config_hash(config: Config) -> str:
    """The SHA-256 of a config's :func:`settings`, in canonical form."""
    return digest(settings(config))


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """The dotted names of the fields that differ between two pieces of plain data."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return [
            name
            for key in dict.fromkeys([*one, *other])
            for name in differences(one.get(key), other.get(key), f"{path}.{key}" if path else key)
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [name for at, pair in pairs for name in differences(*pair, f"{path}.{at}")]
    return [] if one == other else [path]


def origin(config: Config, folder: Path, release: str) -> dict[str, Any]:
    """Name and hash of the config, version and hash of the sources, and versions of packages.

    Args:
        folder: the project's folder.
        release: the project's version.

    Raises:
        InputError: a source cannot be read, or a package is not installed.
    """
    return {
        "config": config.name,
        "config_sha256": config_hash(config),
        "version": release,
        "sources_sha256": sources_hash(folder),
        # without the kind of build ("+cpu"), which depends on the machine
        "packages": {name: _version(name).split("+")[0] for name in PACKAGES},
    }


def sources_hash(folder: Path) -> str:
    """The SHA-256 of the paths and contents of all sources.

    It is the same in every copy of them: a full or shallow clone, an unpacked archive.

    Raises:
        InputError: a source cannot be read.
    """
    hashed = hashlib.sha256()
    for path in source_files(folder):
        with reading(path, "a file"):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        hashed.update(f"{content}  {path.relative_to(folder).as_posix()}\n".encode())
    return hashed.hexdigest()


def source_files(folder: Path) -> list[Path]:
    """All sources of the project in this folder, in the order of their paths."""

    def found() -> Iterator[Path]:
        for name in SOURCES:
            path = folder / name
            if path.is_file():
                yield path
            for each in path.rglob("*"):
                hidden = any(part.startswith(".") for part in each.relative_to(folder).parts)
                if each.suffix in ENDINGS and not hidden:
                    yield each

    return sorted(found(), key=lambda path: path.relative_to(folder).as_posix())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        raise InputError(f"{package} is not installed: call `make env`") from None

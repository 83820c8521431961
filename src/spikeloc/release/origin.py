"""What determines a result: config, code and packages (for times and machine, see provenance)."""

import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from spikeloc.config.models import Config
from spikeloc.io.files import digest

# Packages whose versions can change the bytes of tables, figures and documents.
PACKAGES = ["torch", "numpy", "scipy", "pandas", "matplotlib", "typst", "snakemake"]
# Files in which an edit can change a result. Commits that change none of them do not count.
SOURCES = ["Snakefile", "workflow", "config", "src", "setup.py", "resources", "paper"]
SOURCES += ["CITATION.cff", "pyproject.toml", "requirements.txt"]


def config_hash(config: Config) -> str:
    """The SHA-256 of a config with all defaults filled in, in canonical form."""
    return digest(config.model_dump(mode="json"))


def origin(config: Config, folder: Path, release: str) -> dict[str, Any]:
    """Name and hash of the config, version, commit, whether the sources are clean, and packages.

    ``commit`` is the last commit that changed a source (in a shallow clone, among those it has).
    ``commit`` and ``clean`` are None if ``folder`` is not a git checkout.

    Args:
        folder: the project's folder.
        release: the project's version.
    """
    commit = _git(folder, "log", "-1", "--format=%H")
    return {
        "config": config.name,
        "config_sha256": config_hash(config),
        "version": release,
        "commit": commit or None,
        "clean": _git(folder, "status", "--porcelain") == "" if commit else None,
        # without the kind of build ("+cpu"), which depends on the machine
        "packages": {name: version(name).split("+")[0] for name in PACKAGES},
    }


def _git(folder: Path, *command: str) -> str | None:
    """The output of a git command about the sources, or None if it fails."""
    arguments: Sequence[str] = ["git", "--no-optional-locks", *command, "--", *SOURCES]
    try:
        run = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return run.stdout.strip() if run.returncode == 0 else None

"""What a result is a function of: config, code and packages. Times and machines are elsewhere."""

import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from spikeloc.config.models import Config
from spikeloc.io.files import digest

# What decides about the bytes of tables, figures and paper.
PACKAGES = ["torch", "numpy", "scipy", "pandas", "matplotlib", "typst", "snakemake"]
# Where an edit can change a result; a commit that touches nothing of this is no other origin.
SOURCES = ["Snakefile", "workflow", "config", "src", "setup.py", "resources", "paper"]
SOURCES += ["CITATION.cff", "pyproject.toml", "requirements.txt"]


def config_hash(config: Config) -> str:
    """SHA-256 of a config with everything filled in, in canonical form."""
    return digest(config.model_dump(mode="json"))


def origin(config: Config, folder: Path, release: str) -> dict[str, Any]:
    """Config hash, commit and whether the sources were clean, and versions.

    ``commit`` is the last that touched a source (in a shallow clone, of those that it has); it and
    ``clean`` are None where ``folder`` is not a checkout.

    Args:
        folder: the project's.
        release: the project's version.
    """
    commit = _git(folder, "log", "-1", "--format=%H")
    return {
        "config": config.name,
        "config_sha256": config_hash(config),
        "version": release,
        "commit": commit or None,
        "clean": _git(folder, "status", "--porcelain") == "" if commit else None,
        # without the kind of build ("+cpu"), which is the machine's
        "packages": {name: version(name).split("+")[0] for name in PACKAGES},
    }


def _git(folder: Path, *command: str) -> str | None:
    """What git says about the sources, or None where it cannot."""
    arguments: Sequence[str] = ["git", "--no-optional-locks", *command, "--", *SOURCES]
    try:
        run = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return run.stdout.strip() if run.returncode == 0 else None

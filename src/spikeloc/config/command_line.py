"""What is checked before Snakemake reads a file: the config that its command line gives."""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import yaml

from spikeloc.config.loading import DEFAULT_CONFIG, load_config
from spikeloc.io.errors import InputError
from spikeloc.io.files import NO_SPACE

MOST_CACHED = 1 << 20  # bytes of the Snakefiles, which Snakemake copies to its cache


def check_command_line(arguments: Sequence[str] | None = None) -> None:
    """Check the config that a command line of Snakemake gives, or end with one line that says what
    is wrong.

    The profiles call this. Snakemake reads config files before it runs the Snakefile: it executes
    code in them, and answers a file that it cannot read with a traceback.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--configfile", "--configfiles", nargs="+", action="append", default=[])
    parser.add_argument("--config", "-C", nargs="*", action="append", default=[])
    given = parser.parse_known_args(arguments)[0]
    try:
        for option in ("configfile", "config"):
            if len(getattr(given, option)) > 1:  # Snakemake would use only the last one
                raise InputError(f"--{option} is given twice; write all its values after one")
        files = list(chain(*given.configfile)) or [DEFAULT_CONFIG]
        if given.configfile or Path(DEFAULT_CONFIG).exists():  # else in another folder
            load_config(*files, settings=list(chain(*given.config)))
            for path in files:
                _check_that_snakemake_reads(path)
        _check_cache()
    except InputError as error:
        sys.exit(f"error: {error}")


def _check_that_snakemake_reads(path: str) -> None:
    """Refuse text that YAML 1.1 takes for something that cannot be, such as a day of month 13."""
    try:
        yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as error:
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        raise InputError(f"{path}: quote the text that YAML 1.1 cannot read: {reason}") from None


def _check_cache() -> None:
    home = os.path.expanduser("~/.cache")  # noqa: PTH111  # Path's fails for users without a name
    folder = Path(os.environ.get("XDG_CACHE_HOME") or home)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        cure = "set XDG_CACHE_HOME to a folder that can be written"
        raise InputError(f"{folder}: Snakemake cannot write its cache there; {cure}")
    if shutil.disk_usage(folder).free < MOST_CACHED:
        raise InputError(f"{folder}: {NO_SPACE}")

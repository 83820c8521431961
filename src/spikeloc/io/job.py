"""How a job speaks: everything into its log, an error that is meant for people in one line."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spikeloc.io.errors import InputError
from spikeloc.io.files import naming_a_full_disk


@contextmanager
def job_log(path: str | Path) -> Iterator[None]:
    """Send stdout and stderr to a file, those of native code too, for the rest of the process.

    An ``InputError`` ends the process with exit code 1 and its message instead of a traceback.
    """
    screen = os.dup(sys.stderr.fileno())
    try:
        with naming_a_full_disk(path):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            with Path(path).open("w", encoding="utf-8", buffering=1) as log:
                sys.stdout.flush()
                sys.stderr.flush()
                os.dup2(log.fileno(), sys.stdout.fileno())
                os.dup2(log.fileno(), sys.stderr.fileno())
            warnings.simplefilter("default")
            yield
            sys.stdout.flush()
    except InputError as error:
        _say(f"error: {error}\n".encode(), screen)
        sys.exit(1)


def _say(message: bytes, screen: int) -> None:
    """Write to the log, and where the log's disk is full, to the screen."""
    try:
        written = os.write(sys.stderr.fileno(), message)
    except OSError:
        written = 0
    if written < len(message):
        os.write(screen, message)

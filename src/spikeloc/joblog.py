"""How a job speaks: everything into its log, an error that is meant for people in one line."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spikeloc.errors import InputError


@contextmanager
def job_log(path: str | Path) -> Iterator[None]:
    """Send stdout and stderr to a file, those of native code too, for the rest of the process.

    An ``InputError`` ends the process with exit code 1 and its message instead of a traceback.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with Path(path).open("w", encoding="utf-8", buffering=1) as log:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
        warnings.simplefilter("default")
        try:
            yield
        except InputError as error:
            print(f"error: {error}", file=sys.stderr, flush=True)
            sys.exit(1)

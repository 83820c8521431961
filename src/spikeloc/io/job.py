"""The frame of every job of the workflow: its log, one line for an error in the input, the check
of its sources, and the checksums of the files that it reads and writes."""

import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from spikeloc.io.checksums import checked_files
from spikeloc.io.errors import InputError
from spikeloc.io.files import naming_a_full_disk
from spikeloc.io.sources import check_sources


class Job(Protocol):
    """The files of a job as Snakemake gives them to a script: lists whose entries have names."""

    input: Sequence[str]
    output: Sequence[str]
    log: Sequence[str]
    params: Mapping[str, Any]  # with `code`, the hash of the sources that it was planned with


@contextmanager
def running(job: Job, made: Iterable[str] | None = None) -> Iterator[None]:
    """Run a job's work with its log; check its sources and inputs before it and write checksums
    after it.

    Args:
        job: whose files these are.
        made: the inputs that other jobs have made, if not all of them were.
    """
    reads = job.input if made is None else made
    script = sys.modules["__main__"].__file__
    assert script is not None  # Snakemake sets it
    module = job.params.get("module")  # that the script imports by its name
    with job_log(job.log[0]):
        check_sources(script, [module] if module else [], job.params["code"])
        with checked_files(reads, job.output):
            yield


@contextmanager
def job_log(path: str | Path) -> Iterator[None]:
    """Send stdout and stderr, also those of native code, to a file for the rest of the process.

    An ``InputError`` ends the process with exit code 1 and one line instead of a traceback.
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
        _report(f"error: {error}\n".encode(), screen)
        try:
            sys.stdout.flush()
        except OSError:  # what the log has no room for goes to the screen when Python ends
            os.dup2(screen, sys.stdout.fileno())
        sys.exit(1)


def _report(message: bytes, screen: int) -> None:
    """Write to the log or, if its disk is full, to the screen."""
    try:
        written = os.write(sys.stderr.fileno(), message)
    except OSError:
        written = 0
    if written < len(message):
        os.write(screen, message)

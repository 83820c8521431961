"""The commit and the machine of a run, and the time that each of its rules took."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from spikeloc.config.parameters import Backend
from spikeloc.io.files import reading
from spikeloc.io.instruction_sets import chosen_instructions
from spikeloc.native import use_native
from spikeloc.release.origin import SOURCES

# Where a git hook runs, these variables name another repository.
OTHER_REPOSITORY = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}


def checkout(folder: Path) -> dict[str, Any]:
    """The commit that is checked out in the folder, and whether its sources are as committed.

    ``version_control`` is "git", "none" if the sources are outside version control, or else why git
    could not say. ``commit`` and ``clean`` are None unless git has said so.
    """
    found: dict[str, Any] = {"version_control": "none", "commit": None, "clean": None}
    if not any(os.path.lexists(each / ".git") for each in (folder, *folder.parents)):
        return found
    try:
        if not _git(folder, "ls-files", "--", *SOURCES):  # in a folder of another repository
            return found
        commit = _git(folder, "rev-parse", "HEAD")
        changes = _git(folder, "status", "--porcelain", "--untracked-files=all", "--", *SOURCES)
    except FileNotFoundError:
        return found | {"version_control": "unknown: git is not installed"}
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.split()) or f"exit code {error.returncode}"
        return found | {"version_control": f"unknown: git says {said}"}
    return {"version_control": "git", "commit": commit, "clean": not changes}


def commit_in_words(folder: Path) -> str:
    """The commit that is checked out in the folder, for people."""
    found = checkout(folder)
    if found["commit"] is None:
        known = {"none": "not under version control"}
        return known.get(found["version_control"], found["version_control"])
    return str(found["commit"]) + ("" if found["clean"] else ", with changes since")


def _git(folder: Path, *command: str) -> str:
    """The output of a git command."""
    environment = {name: os.environ[name] for name in os.environ.keys() - OTHER_REPOSITORY}
    arguments = ["git", "--no-optional-locks", *command]
    run = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def machine(backend: Backend, device: str) -> dict[str, Any]:
    """Processor, cores, system, Python version, device, the backend in use, and variables that
    choose another instruction set."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "device": device,
        "backend": "native" if use_native(backend, device) else "reference",
        "chosen_instructions": chosen_instructions(),
    }


def times(
    folders: Collection[Path], patterns: Mapping[str, str]
) -> dict[str, dict[str, float | None]]:
    """For each rule, the number of jobs, wall and CPU seconds, and the largest memory (MiB).

    CPU time and memory are those of the jobs that ran long enough for Snakemake to measure them,
    and None if none did. Networks that another config has trained count as if this one had.

    Args:
        folders: contain Snakemake's benchmark files, one line of JSON for each job.
        patterns: for each rule, a regular expression for the paths of its benchmark files. Files
            that match none come from other configs and are not counted.

    Raises:
        InputError: a benchmark file is damaged.
    """
    by_rule = {
        rule: [_measured(path) for path in paths]
        for rule, paths in _benchmarks(folders, patterns).items()
    }
    return {
        rule: {
            "jobs": len(jobs),
            "wall_seconds": total(job["s"] for job in jobs),
            "cpu_seconds": total(job["cpu_time"] for job in jobs),
            "most_memory_mib": max(
                (round(job["max_rss"]) for job in jobs if job["max_rss"]), default=None
            ),
        }
        for rule, jobs in by_rule.items()
    }


def total(seconds: Iterable[float | None]) -> float | None:
    """The sum of what was measured, or None if nothing was."""
    measured = [each for each in seconds if each is not None]
    return round(sum(measured), 2) if measured else None


def span(folders: Collection[Path], patterns: Mapping[str, str]) -> dict[str, str | None]:
    """When the first job ``started`` and the last job ``ended``, as ISO 8601 in UTC.

    All calls of Snakemake count. A job ended when its benchmark file was written. Both are None if
    there are no benchmark files. Arguments and errors are those of :func:`times`.
    """
    jobs = [
        (path.stat().st_mtime, _measured(path)["s"] or 0)
        for paths in _benchmarks(folders, patterns).values()
        for path in paths
    ]
    if not jobs:
        return {"started": None, "ended": None}
    moments = {
        "started": min(ended - seconds for ended, seconds in jobs),
        "ended": max(ended for ended, _ in jobs),
    }
    return {
        name: datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
        for name, moment in moments.items()
    }


def _benchmarks(folders: Collection[Path], patterns: Mapping[str, str]) -> dict[str, list[Path]]:
    """The benchmark files of each rule that has any."""
    paths = sorted({path for folder in folders for path in folder.rglob("*.jsonl")})
    fitting = {
        rule: [path for path in paths if re.fullmatch(pattern, path.as_posix())]
        for rule, pattern in patterns.items()
    }
    return {rule: fits for rule, fits in fitting.items() if fits}


def _measured(path: Path) -> dict[str, float | None]:
    """The numbers of one job, None if it was too short to measure them."""
    with reading(path, "a benchmark file"):
        job = json.loads(path.read_text(encoding="utf-8"))
        return {name: _number(job[name]) for name in ("s", "cpu_time", "max_rss")}


def _number(value: float | str | None) -> float | None:
    return None if value in (None, "NA", "-") else float(value)


def _processor() -> str:
    """The name of the processor, from Linux or else from Python."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()

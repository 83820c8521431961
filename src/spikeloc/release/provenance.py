"""The machine on which a run was made, and the time that each of its rules took."""

import json
import os
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from spikeloc.config.parameters import Backend
from spikeloc.io.errors import InputError
from spikeloc.native import use_native


def machine(backend: Backend, device: str) -> dict[str, Any]:
    """Processor, cores, system, Python version, device, and the backend in use."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "device": device,
        "backend": "native" if use_native(backend, device) else "reference",
    }


def times(folder: Path, patterns: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """For each rule, the number of jobs, wall and CPU seconds, and the largest memory (MiB).

    Args:
        folder: contains Snakemake's benchmark files, one line of JSON for each job.
        patterns: for each rule, a regular expression for the paths of its benchmark files. Files
            that match none come from an earlier config and are not counted.

    Raises:
        InputError: a benchmark file is damaged.
    """
    by_rule = {
        rule: [_measured(path) for path in paths]
        for rule, paths in _benchmarks(folder, patterns).items()
    }
    return {
        rule: {
            "jobs": len(jobs),
            "wall_seconds": round(sum(job["s"] for job in jobs), 2),
            "cpu_seconds": round(sum(job["cpu_time"] for job in jobs), 2),
            "most_memory_mib": round(max(job["max_rss"] for job in jobs)),
        }
        for rule, jobs in by_rule.items()
    }


def span(folder: Path, patterns: Mapping[str, str]) -> dict[str, str | None]:
    """When the first job ``started`` and the last job ``ended``, as ISO 8601 in UTC.

    All calls of Snakemake count. A job ended when its benchmark file was written. Both are None if
    there are no benchmark files. Arguments and errors are those of :func:`times`.
    """
    jobs = [
        (path.stat().st_mtime, _measured(path)["s"])
        for paths in _benchmarks(folder, patterns).values()
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


def _benchmarks(folder: Path, patterns: Mapping[str, str]) -> dict[str, list[Path]]:
    """The benchmark files of each rule that has any."""
    paths = sorted(folder.rglob("*.jsonl"))
    fitting = {
        rule: [path for path in paths if re.fullmatch(pattern, path.as_posix())]
        for rule, pattern in patterns.items()
    }
    return {rule: fits for rule, fits in fitting.items() if fits}


def _measured(path: Path) -> dict[str, float]:
    """The numbers of one job; CPU time and memory are 0 if it was too short to measure them."""
    try:
        job = json.loads(path.read_text(encoding="utf-8"))
        return {name: _number(job[name]) for name in ("s", "cpu_time", "max_rss")}
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{path}: damaged or not a benchmark file") from None


def _number(value: float | str | None) -> float:
    return 0.0 if value in (None, "NA", "-") else float(value)


def _processor() -> str:
    """The name of the processor, from Linux or else from Python."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()

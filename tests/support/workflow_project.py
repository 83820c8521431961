"""A copy of the project in a folder of its own, and Snakemake run inside it."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.io.files import UNFINISHED
from spikeloc.plots.catalogue import panels

ROOT = Path(__file__).parents[2]
PARTS = ["CITATION.cff", "Snakefile", "config", "profiles", "resources", "src", "workflow"]
QUICK = ("--configfile", "config/quick.yaml")
# What all configs have in common.
SHARED = [Path("results/networks"), Path("results/stimuli")]
# What it draws.
PANELS = list(panels(Plan(load_config(ROOT / "config/quick.yaml"))))


@dataclass(frozen=True)
class Project:
    """The copy's folder."""

    folder: Path

    @classmethod
    def copy_to(cls, folder: Path) -> "Project":
        """Copy what is under version control; nothing made by the workflow."""
        folder.mkdir(parents=True, exist_ok=True)
        ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
        for name in PARTS:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=ignore)
            else:
                shutil.copy(source, folder / name)
        made = shutil.ignore_patterns("*.pdf", "*.pdf.sha256")
        shutil.copytree(ROOT / "paper", folder / "paper", ignore=made)
        return cls(folder)

    def environment(self, **changes: str) -> dict[str, str]:
        """Variables with which Snakemake finds the copy's own package."""
        return os.environ | {"PYTHONPATH": str(self.folder / "src")} | changes

    def snakemake(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run Snakemake with the copy's own package and these environment variables."""
        return subprocess.run(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=self.folder,
            env=self.environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def start_snakemake(self, *arguments: str) -> psutil.Popen:
        """Start it, silently, and do not wait."""
        return psutil.Popen(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def made(self, name: str) -> dict[str, str]:
        """SHA-256 of every file of a config's outputs, and of the stimuli and networks of all
        configs, by its path: without logs and provenance, which hold times, and what is still being
        written."""
        tops = [Path("results", name), Path("figures", name), *SHARED]
        folders = [self.folder / top for top in tops]
        paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        paths += self.folder.glob(f"paper/*{name}*.pdf*")
        return {
            path.relative_to(self.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(paths)
            if not {"logs", "benchmarks"} & set(path.parts)
            and not path.name.startswith((UNFINISHED, "provenance.json", ".provenance.json"))
        }

    def planned(self, *arguments: str) -> dict[str, int]:
        """How many jobs of each rule a dry run schedules."""
        run = self.snakemake("--dry-run", *arguments)
        assert run.returncode == 0, run.stdout
        table = re.search(r"^job +count\n-+ +-+\n(.*?)\n\n", run.stdout, re.DOTALL | re.MULTILINE)
        if table is None:
            assert "Nothing to be done" in run.stdout, run.stdout
            return {}
        rows = (line.split() for line in table[1].splitlines())
        jobs = {rule: int(count) for rule, count in rows}
        del jobs["total"]
        return jobs

    @contextmanager
    def edited(self, name: str, old: str, new: str) -> Iterator[None]:
        """Have one file changed for a while."""
        path = self.folder / name
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")

"""Every kind of file that each rule reads, damaged in three ways: `make test-kills`."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from damage import flip, swap_with_checksums, truncate
from workflow_project import QUICK, Project

from spikeloc.io.checksums import checksum_path

pytestmark = pytest.mark.slow

MADE = ("results/", "figures/")


class Read(NamedTuple):
    """A file that a rule reads, and one that the rule makes from it."""

    rule: str
    read: str
    made: str


def reads(project: Project) -> list[Read]:
    """One file of each kind for each rule."""
    lines = project.snakemake("--detailed-summary", *QUICK).stdout.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("output_file\t"))
    found: dict[tuple[str, str], Read] = {}
    for row in csv.DictReader(lines[start:], delimiter="\t"):
        for read in (row["input-file(s)"] or "").split(","):
            if read.startswith(MADE):
                kind = row["rule"], Path(read).suffix
                found.setdefault(kind, Read(row["rule"], read, row["output_file"]))
    return list(found.values())


def damages(whole: Project, path: Path, name: str) -> Iterator[tuple[str, list[str]]]:
    """Damage a file in each way; yields what is then said of it: of two that are swapped, of the
    one that is read first."""
    for damage in (flip, truncate):
        damage(path)
        yield damage.__name__, [f"error: {name}: altered since it was written"]
        restore(whole, path, name)
    root = Path(path.as_posix().removesuffix(name))
    places = [*path.parents[1:3], root / "results"]  # the nearer the better
    patterns = [f"*{path.suffix}", "*"]  # there may be only one of its kind
    others = (each for like in patterns for place in places for each in sorted(place.rglob(like)))
    other = next(each for each in others if each != path and checksum_path(each).is_file())
    swap_with_checksums(path, other)
    names = [name, other.relative_to(root).as_posix()]
    yield "swap", [f"error: {each}: another file (" for each in names]
    swap_with_checksums(path, other)
    restore(whole, path, name)


def restore(whole: Project, path: Path, name: str) -> None:
    """Bring a file back with its time."""
    shutil.copy2(whole.folder / name, path)


def bring_back(whole: Project, damaged: Project) -> None:
    """Put what a failed job has deleted in its place again."""
    for top in ("results", "figures", "paper"):
        for path in (whole.folder / top).rglob("*"):
            target = damaged.folder / path.relative_to(whole.folder)
            if not target.exists():
                shutil.copy2(path, target)


def test_no_rule_uses_a_damaged_file(
    quick: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = Project(tmp_path / "damaged")
    shutil.copytree(quick.folder, damaged.folder)
    expected = quick.made("quick")
    kinds, count = reads(quick), 0
    for rule, name, made in kinds:
        path = damaged.folder / name
        for way, messages in damages(quick, path, name):
            run = damaged.snakemake(made, "--force", "--allowed-rules", rule, *QUICK)
            assert run.returncode != 0, (rule, name, way)
            assert any(each in run.stdout for each in messages), (
                rule,
                name,
                way,
                run.stdout[-3000:],
            )
            assert "Traceback" not in run.stdout, (rule, name, way, run.stdout[-3000:])
            assert not (damaged.folder / made).exists(), (rule, name, way)
            count += 1
            bring_back(quick, damaged)
    assert damaged.made("quick") == expected
    rules = len({each.rule for each in kinds})
    with capsys.disabled():
        print(f"\n{count} files damaged, {len(kinds)} kinds that {rules} rules read: all named")

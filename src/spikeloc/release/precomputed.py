"""Tables that take long: keep those of a finished run among the sources, and compare new ones."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.config.precomputed import (
    ORIGIN,
    TABLES,
    check_precomputed,
    precomputed_tables,
    read_rows,
    sha256,
)
from spikeloc.config.run_names import RUN_KEY
from spikeloc.io.checksums import verify_checksum
from spikeloc.io.errors import InputError
from spikeloc.io.files import copy_file, reading, write_checked_json
from spikeloc.io.sources import check_folder
from spikeloc.release.origin import config_hash
from spikeloc.statistics.declared_tables import table

# What is kept of a run's provenance: what determines the tables, and no times.
KEPT = ("config", "config_sha256", "version", "commit", "clean", "sources_sha256", "packages")
MOST_NAMED = 20
Row = dict[str, str]


def finished_tables(plan: Plan) -> dict[str, Path]:
    """The tables of a finished run, by their path in the folder where they are kept.

    Raises:
        InputError: the run is not whole, or was made with another config.
    """
    made = {
        f"{experiment}/{name}.csv": plan.experiment_file(experiment, name)
        for experiment in plan.config.experiments
        for name in TABLES
        if plan.makes(experiment, name)
    }
    for path in [*made.values(), _provenance(plan)]:
        verify_checksum(path)
    if read_provenance(plan)["config_sha256"] != config_hash(plan.config):
        raise InputError(f"{_provenance(plan)}: of another version of this config: run it again")
    for experiment in plan.config.experiments:
        path = plan.experiment_file(experiment, "runs")
        found = {tuple(row[name] for name in [*RUN_KEY, "seed"]) for row in read_rows(path)}
        for run in plan.runs_of(experiment):
            for seed in run.seeds:
                if (*run.path.split("/"), str(seed)) not in found:
                    raise InputError(f"{path}: has no network of {run.path}, seed {seed}")
    return made


def read_provenance(plan: Plan) -> dict[str, Any]:
    """The provenance of a finished run."""
    with reading(_provenance(plan), "JSON"):
        return dict(json.loads(_provenance(plan).read_text(encoding="utf-8")))


def _provenance(plan: Plan) -> Path:
    return plan.results / "provenance.json"


def keep(plan: Plan, folder: Path) -> list[str]:
    """Copy the tables and the resolved config of a finished run, and write ``origin.json``: config,
    commit, packages, and the SHA-256 of each file. Return the paths of the files in the folder.

    Raises:
        InputError: the run is not whole; then nothing is copied.
    """
    files = finished_tables(plan) | {"config.yaml": plan.results / "config.yaml"}
    verify_checksum(files["config.yaml"])
    provenance = read_provenance(plan)
    for name, source in files.items():
        copy_file(source, folder / name)
    checksums = {name: sha256(folder / name) for name in files}
    origin = {name: provenance[name] for name in KEPT} | {"files": checksums}
    write_checked_json(folder / ORIGIN, origin)
    return list(files)


def changes(plan: Plan, folder: Path) -> list[str]:
    """What differs between the kept tables and those of a finished run: one line for each cell, and
    for each row or table that only one of them has.

    Raises:
        InputError: the run is not whole, or a kept table is missing or altered.
    """
    check_precomputed(folder)
    made = finished_tables(plan)
    kept = {
        f"{experiment}/{name}.csv": path
        for experiment, tables in precomputed_tables(folder).items()
        for name, path in tables.items()
    }
    found: list[str] = []
    for name in dict.fromkeys([*kept, *made]):
        if name not in made or name not in kept:
            found.append(f"{name}: only {'kept' if name in kept else 'made'}")
        elif kept[name].read_bytes() != made[name].read_bytes():
            found += [f"{name}: {each}" for each in _cells(kept[name], made[name])]
    return found


def _cells(kept: Path, made: Path) -> list[str]:
    """What differs between two files of one table that do not have the same bytes. Rows with the
    same key are compared in their order."""
    key = table(kept.stem).key
    before, after = _by_key(kept, key), _by_key(made, key)
    found: list[str] = []
    for which in dict.fromkeys([*before, *after]):
        *names, number = which
        where = "row " + ", ".join(names) + (f" (no. {number})" if number != "1" else "")
        if which not in after or which not in before:
            found.append(f"{where}: only {'kept' if which in before else 'made'}")
            continue
        one, other = before[which], after[which]
        found += [
            f"{where}, column {column}: kept {one.get(column)}, made {other.get(column)}"
            for column in dict.fromkeys([*one, *other])
            if one.get(column) != other.get(column)
        ]
    return found or ["same cells, but another order of rows or columns"]


def _by_key(path: Path, names: tuple[str, ...]) -> dict[tuple[str, ...], Row]:
    """The rows of a table by their key, followed by how many rows had this key so far."""
    counts: Counter[tuple[str, ...]] = Counter()
    rows: dict[tuple[str, ...], Row] = {}
    for row in read_rows(path):
        key = tuple(row.get(name, "") for name in names)
        counts[key] += 1
        rows[*key, str(counts[key])] = row
    return rows


def main() -> None:
    """Keep tables for `make kept`, or compare them for `make papers`."""
    parser = argparse.ArgumentParser(description="Keep the tables of a finished run.")
    parser.add_argument("config", help="whose run it is")
    parser.add_argument("folder", type=Path, help="where its tables are kept")
    parser.add_argument("--compare", action="store_true", help="write nothing, say what differs")
    arguments = parser.parse_args()
    try:
        check_folder(Path.cwd())
        plan = Plan(load_config(arguments.config))
        if not arguments.compare:
            print(f"{arguments.folder}: {len(keep(plan, arguments.folder))} files kept")
            return
        found = changes(plan, arguments.folder)
    except InputError as error:
        sys.exit(f"error: {error}")
    for line in found[:MOST_NAMED]:
        print(f"{arguments.folder}/{line}")
    if len(found) > MOST_NAMED:
        print(f"and {len(found) - MOST_NAMED} more")
    if found:
        sys.exit(f"error: {plan.results} differs from {arguments.folder}")
    print(f"{plan.results}: the same bytes as {arguments.folder}")


if __name__ == "__main__":
    main()

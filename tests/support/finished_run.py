"""A run of two budgets that looks finished, without training: its tables, with checksums."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
from seeds import run_row

from spikeloc.config.loading import check_config
from spikeloc.config.plan import Plan
from spikeloc.decoders.efficiency import efficiency_table
from spikeloc.io.checksums import write_checksum
from spikeloc.io.files import write_text
from spikeloc.release.origin import config_hash
from spikeloc.release.precomputed import KEPT
from spikeloc.statistics.comparisons import comparison_table
from spikeloc.statistics.convergence import convergence_table
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import write_table
from spikeloc.statistics.summaries import summary_table

BUDGETS = {"short": 3, "long": 30}
ACCURACIES = {
    "a": {"short": [40, 50], "long": [60, 61]},
    "b": {"short": [50, 70], "long": [51, 70]},
}
CONFIG: dict[str, Any] = {
    "name": "slow",
    "seeds": [1, 2],
    "variants": {name: {"training": {"epochs": epochs}} for name, epochs in BUDGETS.items()},
    "experiments": {"e": {"conditions": [{"name": name, "label": name} for name in ACCURACIES]}},
}


def finish_run() -> Plan:
    """Write the tables of this config below the current folder."""
    plan = Plan(check_config(CONFIG))
    labels = {"experiment": "e", "recipe": "default", "model": "spiking", "stopped_early": False}
    runs = pd.DataFrame(
        [
            run_row(condition, seed, value, variant=variant, **labels)
            for condition, by_variant in ACCURACIES.items()
            for variant, values in by_variant.items()
            for seed, value in enumerate(values, 1)
        ]
    ).astype(dict.fromkeys(("epochs", "best_epoch"), int))
    run = runs.drop_duplicates(["condition", "variant"])[table("ceiling").names[:7]]
    observer = dict.fromkeys(table("ceiling").names[7:], 1) | {
        "accuracy": 93.0,
        "phase_known": False,
    }
    made = {
        "runs": runs,
        "summary": summary_table(runs),
        "comparisons": comparison_table(runs, "a"),
        "ceiling": run.assign(**observer),
        "efficiency": efficiency_table(runs, run.assign(**observer)),
        "convergence": convergence_table(runs, BUDGETS),
    }
    for name, frame in made.items():
        path = plan.experiment_file("e", name)
        write_table(path, frame, table(name))
        write_checksum(path)
    provenance = dict.fromkeys(KEPT, "x") | {"config_sha256": config_hash(plan.config), "cores": 2}
    others = {"config.yaml": "name: slow\n", "provenance.json": json.dumps(provenance)}
    for name, text in others.items():
        write_text(plan.results / name, text)
        write_checksum(plan.results / name)
    return plan


def edit(path: Path, old: str, new: str) -> None:
    """Change one cell, row or text of a file, and its checksum."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, text
    write_text(path, text.replace(old, new))
    write_checksum(path)

"""Measure how the workflow grows with the number of networks: `make bench-scale`.

For configs of 100, 1000 and 10,000 tiny networks (ten conditions, blocks of ten seeds) it measures
a dry run from nothing; then, after the networks were trained here instead of in a thousand jobs,
everything that Snakemake makes of them: joined runs, tables and panels. ``python
benchmarks/scale.py [OUTPUT [NETWORKS ...]]`` writes results/benchmarks/scale.json (or OUTPUT) and
prints a table.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.io.checksums import checked_files
from spikeloc.io.environment import pin_numerics
from spikeloc.io.files import RUN_FILES, write_text

OUTPUT = "results/benchmarks/scale.json"
NETWORKS = ["100", "1000", "10000"]
CONDITIONS = 10
CONFIG: dict[str, Any] = {
    "stimulus": {"fibres_per_ear": 4, "duration_ms": 20},
    "network": {"hidden_units": 4},
    "training": {
        "training_samples": 16,
        "validation_samples": 16,
        "test_samples": 32,
        "epochs": 1,
    },
    "ideal_observer": {"samples": 100},
    "recipes": {"dale": {"network": {"w1": {"signs": "dale"}, "w2": {"signs": "dale"}}}},
    "variants": {"corrected": {"stimulus": {"phase": "per_sample"}}},
    "experiments": {
        "time_constant": {
            "recipe": "dale",
            "vary": "network.tau_ms",
            "values": list(range(1, CONDITIONS + 1)),
        }
    },
}


def write_config(networks: int) -> Path:
    """A config of this many networks, in build/."""
    name = f"scale{networks}"
    seeds = list(range(1, networks // CONDITIONS + 1))
    path = Path("build", f"{name}.yaml")
    write_text(path, yaml.safe_dump({"name": name, "seeds": seeds, **CONFIG}))
    return path


def measured(*arguments: str) -> dict[str, float]:
    """Wall time, processor time and the largest memory of a process of Snakemake's."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "snakemake", "--quiet", "all", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return {
        "wall_s": time.perf_counter() - started,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "memory_mb": usage.ru_maxrss / 1024,
    }


def train(plan: Plan) -> None:
    """The files of all networks, as the jobs of the workflow write them."""
    from spikeloc.stimulus.manifests import write_manifest
    from spikeloc.training.job import train_and_evaluate

    backend, device = plan.config.backend, plan.config.device
    for block in plan.presented.values():
        run, path = block.parameters, plan.manifest(block)
        with checked_files([], [path]):
            write_manifest(path, run.stimulus, block.seeds, run.data_sizes(), backend)
    for name, block in plan.blocks.items():
        outputs = {key: plan.networks / name / file for key, file in RUN_FILES.items()}
        manifest, seeds = plan.manifest(block), list(block.seeds)
        with checked_files([manifest], outputs.values()):
            train_and_evaluate(block.parameters, seeds, manifest, outputs, device, backend)


def measure(networks: int) -> dict[str, dict[str, float]]:
    """What a dry run and what tables and panels take."""
    config = write_config(networks)
    plan = Plan(load_config(config))
    made = [plan.results, plan.figures, *(plan.networks / name for name in plan.blocks)]
    made += [plan.shared / "stimuli" / name for name in plan.stimuli]
    arguments = ["--configfile", str(config), "--cores", "2"]
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
    found = {"plan": measured("--dry-run", *arguments)}
    with redirect_stdout(StringIO()):  # losses
        train(plan)
    found["tables and panels"] = measured("--rerun-triggers", "mtime", *arguments)
    found["nothing to do"] = measured("--rerun-triggers", "mtime", *arguments)
    for folder in made:
        shutil.rmtree(folder)
    return found


def main(output: str = OUTPUT, *sizes: str) -> None:
    """Measure, print a table and write the file."""
    pin_numerics()
    results = {}
    head = "| networks | | wall, s | processor, s | ms for each network | memory, MB |"
    print(f"{head}\n{'|---' * 6}|", flush=True)
    for networks in map(int, sizes or NETWORKS):
        results[networks] = measure(networks)
        for what, row in results[networks].items():
            numbers = row["wall_s"], row["cpu_s"], 1000 * row["cpu_s"] / networks, row["memory_mb"]
            print(f"| {networks} | {what} |", *(f"{each:.4g} |" for each in numbers), flush=True)
    write_text(output, json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

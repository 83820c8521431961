"""Check whether this machine reproduces the paper, by training one condition again at full size.

The same processor features, native core and package versions give the same bytes. Otherwise, the
last bits of products differ, training takes another course, and the accuracy of a network changes
by points, as with another seed. Then only means over seeds can be compared.
"""

import argparse
import hashlib
import math
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from spikeloc.config.expansion import Run, expand
from spikeloc.config.loading import load_config
from spikeloc.config.models import Config
from spikeloc.io.environment import pin_numerics
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES, digest, read_checked_json, read_table, write_checked_json
from spikeloc.io.sources import check_folder
from spikeloc.release.origin import differences
from spikeloc.stimulus.manifests import write_manifest

CONDITION = "baseline/dale-0.5/corrected"
METRICS = ["train_loss", "val_loss", "train_accuracy", "test_accuracy", "train_abs_error_deg"]
METRICS += ["test_abs_error_deg", "test_class_error_deg", "hidden_rate_hz"]
# Allowed standard errors of the difference of two means over seeds. Independent means would exceed
# them once in 370 times; these share data and initial weights and are closer to each other.
ALLOWED_ERRORS = 3


@dataclass(frozen=True)
class Difference:
    """The mean of a metric over networks in the paper and here, and the allowed difference."""

    metric: str
    paper: float
    here: float
    allowed: float

    @property
    def accepted(self) -> bool:
        return abs(self.here - self.paper) <= self.allowed


def find_run(config: Config, path: str = CONDITION) -> Run:
    """The run of the config with this path.

    Raises:
        InputError: the config has no such run.
    """
    for run in expand(config):
        if run.path == path:
            return run
    raise InputError(f"config: has no run {path}")


def train_again(config: Config, run: Run, results: Path) -> None:
    """Make the stimuli of a run, train and evaluate its networks, with the workflow's paths."""
    from spikeloc.training.job import (
        train_and_evaluate,  # imports torch, after the instruction set is pinned
    )

    (block,) = run.ensemble.blocks  # at most ten seeds
    manifest, seeds = results / block.manifest, list(block.seeds)
    sizes = run.parameters.data_sizes()
    write_manifest(manifest, run.parameters.stimulus, seeds, sizes, config.backend)
    outputs = {name: results / "runs" / run.path / file for name, file in RUN_FILES.items()}
    train_and_evaluate(run.parameters, seeds, manifest, outputs, config.device, config.backend)


def results_of(run: Run, results: Path) -> dict[str, Any]:
    """The results to compare: checksums of stimuli and weights, and metrics of each network.

    Raises:
        InputError: a file of the run is missing or damaged.
    """
    folder = results / "runs" / run.path
    table = read_table(folder / RUN_FILES["metrics"])
    manifests = [read_checked_json(results / block.manifest) for block in run.ensemble.blocks]
    return {
        "run": run.path,
        "networks": run.ensemble.name,
        "parameters": run.parameters.canonical(),
        "spikes": {
            seed: digest(
                {"stimulus": manifest["stimulus"], "seed": int(seed), "data_sets": data_sets}
            )
            for manifest in manifests
            for seed, data_sets in manifest["seeds"].items()
        },
        "weights_sha256": _weights_hash(folder),
        "metrics": {name: table[name].tolist() for name in METRICS},
    }


def compare(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[Difference]:
    """The means of each metric, with the difference that the scatter between seeds allows.

    Raises:
        InputError: the networks or the stimuli differ; stimuli are the same on every machine.
    """
    if (expected["run"], expected["networks"]) != (found["run"], found["networks"]):
        fields = differences(expected["parameters"], found["parameters"]) or ["seeds"]
        raise InputError(
            f"{found['run']} has other settings here than in the paper: {', '.join(fields)}"
        )
    for seed, checksum in expected["spikes"].items():
        if found["spikes"].get(seed) != checksum:
            raise InputError(f"the stimuli of seed {seed} are not the paper's")
    compared = []
    for name, values in expected["metrics"].items():
        there, here = pd.Series(values), pd.Series(found["metrics"][name])
        allowed = ALLOWED_ERRORS * there.std() * math.sqrt(1 / len(there) + 1 / len(here))
        compared.append(Difference(name, there.mean(), here.mean(), allowed))
    return compared


def same_bits(expected: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether weights and metrics of all networks are the same to the last bit."""
    names = ("weights_sha256", "metrics")
    return all(expected[name] == found[name] for name in names)


def verdict(expected: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether the paper is reproduced, and a text that explains the result.

    Raises:
        InputError: the two cannot be compared.
    """
    differences = compare(expected, found)
    if same_bits(expected, found):
        return True, "this machine reproduces the paper: the same bits"
    lines = [f"{'mean of':22}{'paper':>10}{'here':>10}{'differs':>10}{'allowed':>10}"]
    for each in differences:
        numbers = (each.paper, each.here, each.here - each.paper, each.allowed)
        lines.append(f"{each.metric:22}" + "".join(f"{number:10.3f}" for number in numbers))
    wrong = [each.metric for each in differences if not each.accepted]
    if wrong:
        lines.append(f"this machine does not reproduce the paper: {', '.join(wrong)}")
    else:
        lines.append(
            "this machine reproduces the paper within the scatter between seeds, but not to"
        )
        lines.append("the last bit: its processor, compiler or a package differs from the paper's")
    return not wrong, "\n".join(lines)


def _weights_hash(folder: Path) -> str:
    from spikeloc.io.weight_files import read_weights

    _, arrays = read_weights(folder / RUN_FILES["weights"])
    hashed = hashlib.sha256()
    for name in sorted(arrays):
        hashed.update(f"{name} {arrays[name].shape}".encode())
        hashed.update(arrays[name].tobytes())
    return hashed.hexdigest()


def main() -> None:
    """Train again and compare, for `make verify`, or record the results of a finished run."""
    parser = argparse.ArgumentParser(description="Compare this machine's results with the paper's.")
    parser.add_argument("expected", type=Path, help="the paper's results: resources/verify.json")
    parser.add_argument(
        "--record",
        type=Path,
        metavar="RESULTS",
        help="write this file from the results in this folder",
    )
    arguments = parser.parse_args()
    pin_numerics()
    try:
        check_folder(Path.cwd())
        config = load_config("config/paper.yaml")
        run = find_run(config)
        if arguments.record:
            write_checked_json(arguments.expected, results_of(run, arguments.record))
            return
        expected = read_checked_json(arguments.expected)
        print(f"{run.path}: training {len(run.seeds)} networks again", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            train_again(config, run, Path(folder))
            reproduced, text = verdict(expected, results_of(run, Path(folder)))
    except InputError as error:
        sys.exit(f"error: {error}")
    print(text)
    sys.exit(0 if reproduced else 1)


if __name__ == "__main__":
    main()

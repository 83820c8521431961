"""One training job, from manifests to files, and what it will cost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from helpers import small_run

from spikeloc import load_run
from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.parameters import Nesting, RunParameters
from spikeloc.io.errors import InputError
from spikeloc.io.files import RUN_FILES, read_table
from spikeloc.stimulus.manifests import write_manifest
from spikeloc.training import duration as estimate
from spikeloc.training.duration import Costs, training_seconds
from spikeloc.training.job import train_and_evaluate

SEEDS = [3, 1]


def made_from_manifests(run: RunParameters, folder: Path, device: str = "cpu") -> Path:
    manifests = [folder / f"seed-{seed}.json" for seed in SEEDS]
    for seed, path in zip(SEEDS, manifests, strict=True):
        write_manifest(path, run.stimulus, seed, run.data_sizes())
    outputs = {name: folder / "ensemble" / file for name, file in RUN_FILES.items()}
    train_and_evaluate(run, SEEDS, manifests, outputs, device, "auto")
    return folder / "ensemble"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    torch.use_deterministic_algorithms(False)


def test_job_writes_every_file(tmp_path: Path) -> None:
    ensemble = made_from_manifests(small_run(), tmp_path)
    assert sorted(path.name for path in ensemble.iterdir()) == sorted(RUN_FILES.values())
    assert load_run(ensemble).seeds == SEEDS
    assert read_table(ensemble / "metrics.csv")["seed"].tolist() == SEEDS


def test_network_that_diverges_in_its_last_step_is_reported(tmp_path: Path) -> None:
    # a single step of a single epoch, whose loss is measured before it: only the weights show it
    changes: dict[str, Any] = {"learning_rate": 1e38, "epochs": 1, "batch_size": 1000}
    changes |= {"validate_each_epoch": False, "weights_kept": "notebook"}
    run = small_run(training=changes)
    table = read_table(made_from_manifests(run, tmp_path) / "metrics.csv")
    assert table["diverged"].tolist() == [True, True]
    assert table["test_accuracy"].isna().all()


def test_device_that_is_not_there_is_refused(tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(InputError, match="no CUDA device"):
        made_from_manifests(small_run(), tmp_path, device="cuda")
    assert not (tmp_path / "ensemble").exists()


def test_estimate_counts_every_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"training_samples": 10, "validation_samples": 5, "test_samples": 4}
    validated = small_run(training=sizes | {"epochs": 3})
    changes = {"epochs": 2, "validate_each_epoch": False, "weights_kept": "notebook"}
    unvalidated = small_run(training=sizes | changes)
    monkeypatch.setattr(estimate, "measure_costs", lambda *_: Costs(100.0, 10.0, 1.0))
    # 19 samples made and, at the end, evaluated; 3 * 10 trained and 3 * 5 validated
    first = 19 * 100 + 30 * 10 + (15 + 19) * 1
    second = 19 * 100 + 20 * 10 + 19 * 1
    seeds = tuple(range(7))
    plans = [EnsemblePlan(validated, seeds), EnsemblePlan(unvalidated, seeds[:2])]
    assert training_seconds(plans, "cpu", "auto") == 7 * first + 2 * second
    nesting = Nesting(networks=2, shared=["training", "validation"])
    nested = validated.model_copy(update={"nesting": nesting})
    # 4 test samples more are made; all else is done twice
    both = 23 * 100 + 2 * (30 * 10 + (15 + 19) * 1)
    assert training_seconds([EnsemblePlan(nested, seeds)], "cpu", "auto") == 7 * both


def test_networks_that_divide_have_costs_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def costs(run: RunParameters, *_: Any) -> Costs:
        return Costs(0.0, 10.0 if run.network.divides else 1.0, 0.0)

    monkeypatch.setattr(estimate, "measure_costs", costs)
    changes = {"validate_each_epoch": False, "weights_kept": "notebook"}
    plain = small_run(training=changes)  # 48 samples, 3 epochs
    dann = {"signs": "dale", "method": "dann"}
    divisive = small_run(network={"w1": dann}, training=changes)
    plans = [EnsemblePlan(each, (1,)) for each in (plain, divisive, plain)]
    assert training_seconds(plans, "cpu", "auto") == 144 + 1440 + 144


def test_costs_are_measured() -> None:
    assert min(estimate.measure_costs(small_run(), "cpu", "auto")) > 0

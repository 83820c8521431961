"""One training job, from manifests to files, and what it will cost."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import helpers
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
from spikeloc.training import job
from spikeloc.training.duration import Costs, training_seconds
from spikeloc.training.job import train_and_evaluate

pytestmark = pytest.mark.usefixtures("torch_as_it_was")

SEEDS = [3, 1]


def made_from_manifest(run: RunParameters, folder: Path, device: str = "cpu") -> Path:
    manifest = folder / "seeds.json"
    write_manifest(manifest, run.stimulus, SEEDS, run.data_sizes())
    outputs = {name: folder / "ensemble" / file for name, file in RUN_FILES.items()}
    train_and_evaluate(run, SEEDS, manifest, outputs, device, "auto")
    return folder / "ensemble"


def test_job_writes_every_file(tmp_path: Path) -> None:
    ensemble = made_from_manifest(small_run(), tmp_path)
    assert sorted(path.name for path in ensemble.iterdir()) == sorted(RUN_FILES.values())
    assert load_run(ensemble).seeds == SEEDS
    assert read_table(ensemble / "metrics.csv")["seed"].tolist() == SEEDS


def test_a_job_imports_nothing_that_takes_longer_than_small_networks(tmp_path: Path) -> None:
    """Such as torch's compiler, which torch.use_deterministic_algorithms imports."""
    code = """
import sys
from pathlib import Path
from helpers import small_run
from test_job import made_from_manifest
made_from_manifest(small_run(), Path(sys.argv[1]))
print(*sys.modules)
"""
    folders = [str(Path(__file__).parent), str(Path(helpers.__file__).parent)]
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path += {folders}\n{code}", str(tmp_path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = set(run.stdout.splitlines()[-1].split())
    assert "torch" in imported
    assert not imported & {"torch._dynamo", "torch._inductor", "sympy", "scipy", "matplotlib"}


def test_a_job_writes_all_memory_before_it_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = made_from_manifest(small_run(), tmp_path / "as it is")

    def filled(_: str) -> torch.device:
        """Deterministic torch, which fills empty tensors with NaN."""
        torch.set_deterministic_debug_mode("error")
        torch.utils.deterministic.fill_uninitialized_memory = True  # type: ignore[attr-defined]
        return torch.device("cpu")

    monkeypatch.setattr(job, "prepared_device", filled)
    again = made_from_manifest(small_run(), tmp_path / "filled")
    for name in RUN_FILES.values():
        assert (again / name).read_bytes() == (outputs / name).read_bytes()


def test_network_that_diverges_in_its_last_step_is_reported(tmp_path: Path) -> None:
    # a single step of a single epoch, whose loss is measured before it: only the weights show it
    changes: dict[str, Any] = {"learning_rate": 1e38, "epochs": 1, "batch_size": 1000}
    changes |= {"validate_each_epoch": False, "weights_kept": "notebook"}
    run = small_run(training=changes)
    table = read_table(made_from_manifest(run, tmp_path) / "metrics.csv")
    assert table["diverged"].tolist() == [True, True]
    assert table["test_accuracy"].isna().all()


def test_device_that_is_not_there_is_refused(tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(InputError, match="no CUDA device"):
        made_from_manifest(small_run(), tmp_path, device="cuda")
    assert not (tmp_path / "ensemble").exists()


def with_costs(monkeypatch: pytest.MonkeyPatch, made: float, trained: float, own: float) -> None:
    monkeypatch.setattr(estimate, "measure_costs", lambda *_: Costs(made, trained, own))
    monkeypatch.setattr(estimate, "START_SECONDS", 1e6)


def test_estimate_counts_every_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"training_samples": 10, "validation_samples": 5, "test_samples": 4}
    validated = small_run(training=sizes | {"epochs": 3})
    changes = {"epochs": 2, "validate_each_epoch": False, "weights_kept": "notebook"}
    unvalidated = small_run(training=sizes | changes)
    with_costs(monkeypatch, 100.0, 10.0, 1.0)
    # 19 samples made and evaluated at the end, 4 also at the start; 3 * 10 trained, 3 * 5 validated
    first = 19 * 100 + 30 * 10 + (15 + 19 + 4) * 1
    second = 19 * 100 + 20 * 10 + (19 + 4) * 1
    seeds = tuple(range(7))
    plans = [EnsemblePlan(validated, seeds), EnsemblePlan(unvalidated, seeds[:2])]
    assert training_seconds([plans], "cpu", "auto") == 1e6 + 7 * first + 2 * second
    assert training_seconds([plans[:1], plans[1:]], "cpu", "auto") == 2e6 + 7 * first + 2 * second
    nesting = Nesting(networks=2, shared=["training", "validation"])
    nested = validated.model_copy(update={"nesting": nesting})
    # 4 test samples more are made; all else is done twice
    both = 23 * 100 + 2 * (30 * 10 + (15 + 19 + 4) * 1)
    assert training_seconds([[EnsemblePlan(nested, seeds)]], "cpu", "auto") == 1e6 + 7 * both


def test_estimate_knows_the_size_of_each_network(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"training_samples": 10, "validation_samples": 5, "test_samples": 4, "epochs": 1}
    small = small_run(training=sizes)  # 7 fibres in an ear, 24 steps, 6 units
    large = small_run({"fibres_per_ear": 21, "duration_ms": 48.0}, {"hidden_units": 30}, sizes)
    with_costs(monkeypatch, 100.0, 10.0, 1.0)
    running = 10 * 10 + (5 + 19 + 4) * 1
    jobs = [[EnsemblePlan(small, (1, 2))], [EnsemblePlan(large, (1,))]]
    # 6 times as many bins are made, and each drives 5 times as many units
    expected = 2 * (1900 + running) + 6 * 1900 + 30 * running
    assert training_seconds(jobs, "cpu", "auto") == 2e6 + expected
    # the costs are now those of the large ensemble
    scaled = 2 * (1900 / 6 + running / 30) + 1900 + running
    assert training_seconds(jobs[::-1], "cpu", "auto") == pytest.approx(2e6 + scaled)


@pytest.mark.parametrize(
    "network",
    [
        {"w1": {"signs": "dale", "method": "dann"}},
        {"reset": "immediate"},
        {"noise_sd": 0.1},
        {"readout_over_time": "maximum"},
        {"model": "membrane_only"},
    ],
)
def test_networks_that_are_computed_in_another_way_are_timed_themselves(
    monkeypatch: pytest.MonkeyPatch, network: dict[str, Any]
) -> None:
    timed = []

    def costs(plan: EnsemblePlan, *_: Any) -> Costs:
        timed.append(plan.parameters)
        return Costs(0.0, float(len(timed)), 0.0)

    monkeypatch.setattr(estimate, "measure_costs", costs)
    monkeypatch.setattr(estimate, "START_SECONDS", 0.0)
    alike = small_run(network={"tau_ms": 2.0, "logit_scale": 0.1, "w2": {"signs": "dale"}})
    runs = [small_run(), small_run(network=network), alike]  # 48 samples, 3 epochs
    jobs = [[EnsemblePlan(each, (1,))] for each in runs]
    assert training_seconds(jobs, "cpu", "auto") == 144 + 2 * 144 + 144
    assert timed == runs[:2]


def test_costs_are_measured() -> None:
    assert min(estimate.measure_costs(EnsemblePlan(small_run(), (1, 2)), "cpu", "auto")) > 0

"""The files of a run that is trained in blocks are those of one ensemble of all seeds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from helpers import small_run

from spikeloc.config.ensemble_plan import EnsemblePlan
from spikeloc.config.parameters import RateSearch, RunParameters
from spikeloc.io.files import RUN_FILES
from spikeloc.stimulus.manifests import write_manifest
from spikeloc.training.blocks import join_blocks
from spikeloc.training.job import train_and_evaluate
from spikeloc.training.learning_rates import search_rate

pytestmark = pytest.mark.usefixtures("torch_as_it_was")

SEEDS = (5, 3, 11, 2, 101, 4, 9, 8, 7, 6, 1)
# much too fast: some networks diverge at once, among them that of the last seed; others stop early
WILD = {"learning_rate": 1e19, "epochs": 6, "patience_epochs": 1}


def manifest(run: RunParameters, seeds: Sequence[int], folder: Path) -> Path:
    path = folder / EnsemblePlan(run, tuple(seeds)).manifest
    if not path.exists():
        write_manifest(path, run.stimulus, seeds, run.data_sizes())
    return path


def trained(plan: EnsemblePlan, folder: Path, rates: Path | None) -> dict[str, Path]:
    paths = {key: folder / plan.name / file for key, file in RUN_FILES.items()}
    stimuli = manifest(plan.parameters, plan.seeds, folder)
    train_and_evaluate(plan.parameters, list(plan.seeds), stimuli, paths, "cpu", "auto", rates)
    return paths


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"nesting": {"networks": 2, "shared": ["training"]}},
        {"network": {"readout": "circular"}},
        {"network": {"model": "membrane_only"}},
        {"network": {"w1": {"signs": "dale", "method": "dann"}}},
        {"training": {"validate_each_epoch": False, "weights_kept": "notebook"}},
        {"network": {"readout": "circular"}, "training": WILD},
        {"training": {"learning_rate": 1e19, "validate_each_epoch": False, "weights_kept": "last"}},
    ],
    ids=str,
)
def test_blocks_have_the_bytes_of_one_ensemble(changes: dict[str, Any], tmp_path: Path) -> None:
    check_blocks(small_run(**changes), tmp_path)


def test_blocks_share_one_search_for_the_learning_rate(tmp_path: Path) -> None:
    search = RateSearch(learning_rates=[5.0, 0.02], seeds=[7, 8])
    run = small_run().model_copy(update={"rate_search": search})
    search_rate(run, manifest(run, search.seeds, tmp_path), tmp_path / "rates.csv", "cpu", "auto")
    check_blocks(run, tmp_path, tmp_path / "rates.csv")


def check_blocks(run: RunParameters, folder: Path, rates: Path | None = None) -> None:
    """Compare the files of blocks, joined, with those of one ensemble."""
    ensemble = EnsemblePlan(run, SEEDS)
    whole = trained(ensemble, folder, rates)
    assert [len(block.seeds) for block in ensemble.blocks] == [10, 1]
    blocks = [trained(block, folder, rates) for block in ensemble.blocks]
    alone = {key: folder / "alone" / file for key, file in RUN_FILES.items()}
    join_blocks({key: [paths[key] for paths in blocks[:1]] for key in RUN_FILES}, alone)
    joined = {key: folder / "joined" / file for key, file in RUN_FILES.items()}
    join_blocks({key: [paths[key] for paths in blocks] for key in RUN_FILES}, joined)
    for key in RUN_FILES:
        assert alone[key].read_bytes() == blocks[0][key].read_bytes(), key
        assert joined[key].read_bytes() == whole[key].read_bytes(), key

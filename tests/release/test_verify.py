"""Whether a machine reproduces the paper: the same bits, within the scatter, or not."""

import copy
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import QUICK
from workflow_project import ROOT

from spikeloc.config.loading import check_config, load_config
from spikeloc.io.errors import InputError
from spikeloc.io.files import read_checked_json
from spikeloc.release.verify import METRICS, compare, find_run, results_of, train_again, verdict

EXPECTED = read_checked_json(ROOT / "resources/verify.json")


def other(**changes: Any) -> dict[str, Any]:
    """What the paper has, with something else at a key."""
    return copy.deepcopy(EXPECTED) | changes


def moved(metric: str, by: float) -> dict[str, Any]:
    """The paper's results with one metric of every network moved, by its sd over seeds."""
    values = EXPECTED["metrics"][metric]
    mean = sum(values) / len(values)
    sd = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    metrics = EXPECTED["metrics"] | {metric: [value + by * sd for value in values]}
    return other(metrics=metrics)


def test_committed_results_are_of_the_papers_config() -> None:
    config = load_config(ROOT / "config/paper.yaml")
    run = find_run(config)
    assert (EXPECTED["run"], EXPECTED["networks"]) == (
        run.path,
        run.parameters.network_name(config.seeds),
    )
    assert list(EXPECTED["metrics"]) == METRICS
    assert {len(values) for values in EXPECTED["metrics"].values()} == {len(config.seeds)}
    assert (ROOT / "resources/verify.json").stat().st_size < 4096


def test_same_bits_are_said_to_be() -> None:
    assert verdict(EXPECTED, other()) == (True, "this machine reproduces the paper: the same bits")


def test_other_weights_with_the_same_means_are_not_the_same_bits() -> None:
    reproduced, text = verdict(EXPECTED, other(weights_sha256="0" * 64))
    assert reproduced and "within the scatter between seeds" in text and "not to" in text


# three standard errors of the difference of two means over ten seeds: 3·sqrt(2/10) = 1.34 sd
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(("by", "reproduced"), [(1.3, True), (-1.3, True), (1.4, False)])
def test_means_may_move_by_three_standard_errors(metric: str, by: float, reproduced: bool) -> None:
    found, text = verdict(EXPECTED, moved(metric, by))
    assert found == reproduced
    assert text.endswith(metric) != reproduced  # the number that differs is named
    (row,) = (each for each in compare(EXPECTED, moved(metric, by)) if each.metric == metric)
    assert f"{row.here - row.paper:10.3f}" in text and row.accepted == reproduced


def test_numbers_that_are_none_are_not_accepted() -> None:
    nothing = [math.nan] * 10
    metrics = EXPECTED["metrics"] | {"test_accuracy": nothing}
    assert verdict(EXPECTED, other(metrics=metrics))[0] is False


def test_other_stimuli_are_named() -> None:
    spikes = EXPECTED["spikes"] | {"3": "0" * 64}
    with pytest.raises(InputError, match="stimuli of seed 3 are not the paper's"):
        verdict(EXPECTED, other(spikes=spikes))


def test_other_settings_are_not_compared() -> None:
    with pytest.raises(InputError, match="has other settings here than in the paper"):
        verdict(EXPECTED, other(networks="0" * 16))


@pytest.mark.long
def test_training_again_gives_the_same_bits(tmp_path: Path) -> None:
    content = yaml.safe_load(QUICK.read_text(encoding="utf-8"))
    content["training"] |= {"training_samples": 128, "validation_samples": 64, "test_samples": 64}
    content["recipes"]["dale"]["training"]["epochs"] = 2
    config = check_config(content)
    run = find_run(config)
    found = []
    for name in ("first", "second"):
        train_again(config, run, tmp_path / name)
        found.append(results_of(run, tmp_path / name))
    assert verdict(*found) == (True, "this machine reproduces the paper: the same bits")
    with pytest.raises(InputError, match="no run baseline/other/corrected"):
        find_run(config, "baseline/other/corrected")

"""Networks tested at chosen starting phases, on small untrained ones."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from helpers import BACKENDS, small_run, start_weights

from spikeloc.analysis.phase_effect import (
    PhaseScores,
    phase_grid_cycles,
    phase_table,
    phase_test_set,
    score_by_phase,
    training_phase_cycles,
)
from spikeloc.config.network_ids import NetworkId
from spikeloc.config.parameters import Backend, RunParameters
from spikeloc.networks.loaded_run import LoadedRun
from spikeloc.networks.membrane_only import build_network
from spikeloc.stimulus.classes import ipd_class
from spikeloc.stimulus.generator import make_data_set

ONE_PHASE: dict[str, Any] = {"phase": "per_dataset"}
SAMPLES = 20
ABOUT = {"experiment": "e", "condition": "c", "label": "0.10", "variant": "published"}


def loaded(run: RunParameters, seeds: list[int], backend: Backend = "auto") -> LoadedRun:
    """Untrained networks that spike a lot; a seed that stands twice has two different ones."""
    weights = start_weights(run, [seed + 100 * place for place, seed in enumerate(seeds)], 4.0)
    network_ids = [NetworkId(seed, place + 1) for place, seed in enumerate(seeds)]
    network = build_network(run.network, run.stimulus, network_ids, backend, weights)
    return LoadedRun(run, network)


def test_a_network_of_one_phase_is_tested_from_the_phase_of_its_training_data() -> None:
    stimulus = small_run(ONE_PHASE).stimulus
    trained_on = set(make_data_set(stimulus, 7, "training", 3).trials.phase_cycles)
    grid = phase_grid_cycles(stimulus, 7, 4)
    assert {training_phase_cycles(stimulus, 7)} == trained_on == {grid[0]}
    assert np.diff(grid) % 1 == pytest.approx(0.25)
    assert (grid >= 0).all() and (grid < 1).all()


def test_a_network_of_all_phases_is_tested_from_phase_0() -> None:
    stimulus = small_run().stimulus
    assert math.isnan(training_phase_cycles(stimulus, 7))
    assert phase_grid_cycles(stimulus, 7, 4).tolist() == [0, 0.25, 0.5, 0.75]


def test_every_phase_has_fresh_samples() -> None:
    stimulus = small_run().stimulus
    parts = [phase_test_set(stimulus, 1, SAMPLES, i, 0.3) for i in range(3)]
    ipds = np.concatenate([part.trials.ipd_rad for part in parts])
    assert len(set(ipds)) == 3 * SAMPLES
    assert len({part.spikes.checksum() for part in parts}) == 3
    # nothing that a network was trained, stopped or tested on before
    for purpose in ("training", "validation", "test"):
        assert not set(make_data_set(stimulus, 1, purpose, 60).trials.ipd_rad) & set(ipds)


@pytest.mark.parametrize("stimulus", [ONE_PHASE, {}])
@pytest.mark.parametrize("model", ["spiking", "membrane_only"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_are_those_of_each_network_on_its_own_seeds_data(
    stimulus: dict[str, Any], model: str, backend: Backend
) -> None:
    run = loaded(small_run(stimulus, {"model": model}), [3, 8, 3], backend)
    (scores,) = score_by_phase([run], 2, SAMPLES, backend)
    for n, seed in enumerate(run.seeds):
        for position in range(2):
            start = training_phase_cycles(run.parameters.stimulus, seed) if stimulus else 0.0
            phase = (start + position / 2) % 1
            assert scores.test_phase_cycles[n, position] == phase
            data = phase_test_set(run.parameters.stimulus, seed, SAMPLES, position, phase)
            estimated = run(data.spikes).logits[n].argmax(1).numpy()
            apart = np.abs(estimated - ipd_class(data.trials.ipd_rad, 4))
            assert scores.accuracy[n, position] == pytest.approx(100 * np.mean(apart == 0))
            assert scores.class_error_deg[n, position] == pytest.approx(45 * np.mean(apart))
    assert (scores.accuracy[0] != scores.accuracy[2]).any()  # two networks of one seed


def test_other_seeds_and_runs_change_nothing() -> None:
    one, other = small_run(ONE_PHASE), small_run(ONE_PHASE, {"tau_ms": 20.0})
    (alone,) = score_by_phase([loaded(one, [3])], 3, SAMPLES)
    _, beside = score_by_phase([loaded(other, [8, 3]), loaded(one, [3, 5])], 3, SAMPLES)
    assert np.array_equal(alone.accuracy[0], beside.accuracy[0])
    assert np.array_equal(alone.test_phase_cycles[0], beside.test_phase_cycles[0])


def test_a_network_that_ignores_its_input_has_no_phase() -> None:
    run = loaded(small_run(ONE_PHASE), [1])
    torch.nn.init.zeros_(run.network.w1)  # silent: all logits tie, so that class 0 wins
    (scores,) = score_by_phase([run], 3, 400)
    # Binomial(400, 1/4) is within 4.9 sd of 2.17 points, but for 1e-6
    assert scores.accuracy == pytest.approx(25, abs=10.6)


def test_runs_of_several_stimuli_are_refused() -> None:
    with pytest.raises(ValueError, match="several stimuli"):
        score_by_phase([loaded(small_run(), [1]), loaded(small_run(ONE_PHASE), [1])], 2, SAMPLES)


def made_up(networks: int) -> PhaseScores:
    cell = np.arange(2.0 * networks).reshape(networks, 2)
    training = np.linspace(0.5, 0.6, networks)
    return PhaseScores(training, training[:, None] + [0, 0.5], 10 + cell, 20 + cell)


def test_the_table_is_network_after_network() -> None:
    networks = pd.DataFrame({"seed": [4, 4], "network": [0, 1], "diverged": [False, False]})
    table = phase_table(made_up(2), networks, SAMPLES, ABOUT)
    assert list(table.columns) == [
        *("experiment", "condition", "label", "variant", "seed", "network"),
        *("training_phase_cycles", "test_phase_cycles", "offset_cycles"),
        *("accuracy", "class_error_deg", "samples"),
    ]
    assert table["network"].tolist() == [0, 0, 1, 1] and set(table["seed"]) == {4}
    assert table["offset_cycles"].tolist() == [0, 0.5, 0, 0.5]
    assert table["training_phase_cycles"].tolist() == [0.5, 0.5, 0.6, 0.6]
    assert table["test_phase_cycles"].tolist() == [0.5, 1.0, 0.6, 1.1]
    assert table["accuracy"].tolist() == [10, 11, 12, 13]
    assert table["class_error_deg"].tolist() == [20, 21, 22, 23]
    assert set(table["samples"]) == {SAMPLES} and set(table["label"]) == {"0.10"}


def test_a_diverged_network_has_no_scores() -> None:
    networks = pd.DataFrame({"seed": [4, 5], "network": 1, "diverged": [True, False]})
    table = phase_table(made_up(2), networks, SAMPLES, ABOUT)
    assert table["seed"].tolist() == [4, 4, 5, 5]
    for column in ("accuracy", "class_error_deg"):
        assert table[column].isna().tolist() == [True, True, False, False]

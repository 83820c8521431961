"""What a job's line says of its networks: whatever tells them from the config's common ones."""

from typing import Any

import pytest
from configs import EXTENDED, PAPER

from spikeloc.config.differences import changed, differences
from spikeloc.config.loading import load_config
from spikeloc.config.parameters import NetworkParameters, RunParameters
from spikeloc.config.plan import Plan


def told(changes: dict[str, Any], common: RunParameters | None = None) -> str:
    run = RunParameters.model_validate(changes).normalised()
    return differences(run, common or RunParameters())


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "the common parameters"),
        ({"network": {"hidden_units": 60}}, "hidden_units 60"),
        ({"network": {"tau_ms": 2.5, "readout": "circular"}}, "tau_ms 2.5, readout circular"),
        ({"network": {"w1": {"initial_scale": 3}}}, "w1.initial_scale 3"),
        ({"training": {"fresh_stimuli": True, "epochs": 1}}, "fresh_stimuli true, epochs 1"),
        (
            {"training": {"rate_penalty": {"min_hz": 100, "max_hz": 200}}},
            "rate_penalty.min_hz 100, rate_penalty.max_hz 200, rate_penalty.weight 0.0001",
        ),
        (
            {"stimulus": {"rate_max_hz": 300}, "network": {"w2": {"signs": "dale"}}},
            "rate_max_hz 300, w2.signs dale",
        ),
        (
            {"nesting": {"networks": 3, "shared": ["training", "test"]}},
            "3 networks a seed with the same training and test data",
        ),
        (
            {"rate_search": {"learning_rates": [0.01, 0.1], "seeds": [7, 8]}},
            "learning_rate one of 0.01, 0.1 by seeds 7, 8",
        ),
        (
            {"training": {"rate_penalty": {"min_hz": 10, "max_hz": 20.5}}},
            "rate_penalty.min_hz 10, rate_penalty.max_hz 20.5, rate_penalty.weight 0.0001",
        ),
        # without an effect
        ({"network": {"w1": {"inhibitory_fraction": 0.2}}}, "the common parameters"),
        ({"network": {"model": "membrane_only", "hidden_units": 60}}, "model membrane_only"),
    ],
)
def test_what_differs_is_named_with_its_value(changes: dict[str, Any], text: str) -> None:
    assert told(changes) == text


def test_a_default_is_named_where_others_are_common() -> None:
    other = NetworkParameters(hidden_units=60, reset="immediate", readout_tau_ms=20.0)
    common = RunParameters(network=other)
    assert told({"network": {"hidden_units": 60}}, common) == "reset late, readout_tau_ms none"
    band = {"training": {"rate_penalty": {"min_hz": 10, "max_hz": 20}}}
    assert told({}, RunParameters.model_validate(band)) == "rate_penalty none"
    # these have no effect in this run, whatever is common
    only = told({"network": {"model": "membrane_only"}}, common)
    assert "model membrane_only" in only and "hidden_units" not in only


def test_a_common_group_of_parameters_that_a_run_lacks_is_named() -> None:
    penalty = {"rate_penalty": {"min_hz": 100, "max_hz": 200}}
    common = RunParameters.model_validate({"training": penalty})
    assert told({}, common) == "rate_penalty none"
    assert told({"training": penalty}, common) == "the common parameters"


@pytest.mark.parametrize("path", [PAPER, EXTENDED])
def test_different_networks_of_a_config_read_differently(path: Any) -> None:
    plan = Plan(load_config(path))
    texts: dict[str, RunParameters] = {}
    for run in plan.runs:
        text = differences(run.parameters, plan.config)
        assert texts.setdefault(text, run.parameters) == run.parameters, text
    assert len(texts) > 20


def test_changes_are_told_by_their_names() -> None:
    changes = {"stimulus": {"phase": "per_sample"}, "network": {"w1": {"signs": "dale"}}}
    assert changed(changes) == "phase per_sample, w1.signs dale"
    assert changed({}) == "nothing changed"

"""The key `tests` of an experiment: what it varies, and what it refuses."""

import math
from pathlib import Path
from typing import Any

import pytest
from configs import named, paper, put

from spikeloc.config.loading import check_config
from spikeloc.config.network_tests import TESTED, NetworkTest, Perturbation
from spikeloc.config.parameters import RunParameters, StimulusParameters
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError

POWER = {"vary": "stimulus.envelope_power", "values": [0, 2]}


def having(experiment: str = "baseline", **tests: Any) -> dict[str, Any]:
    return put(paper(), f"experiments.{experiment}.tests", tests)


def test_a_stimulus_is_that_of_the_run_with_one_other_value() -> None:
    run = RunParameters(stimulus=StimulusParameters(rate_max_hz=300.0, fibres_dropped=0.1))
    settings = NetworkTest.model_validate(POWER).settings(run)
    assert [(each.tested, each.value) for each in settings] == [("0", 0), ("2", 2)]
    assert [each.stimulus for each in settings] == [
        StimulusParameters(rate_max_hz=300.0, fibres_dropped=0.1, envelope_power=power)
        for power in (0, 2)
    ]
    assert {each.perturbation for each in settings} == {Perturbation()}


def test_a_perturbation_leaves_the_stimulus_alone() -> None:
    run = RunParameters(stimulus=StimulusParameters(rate_max_hz=300.0))
    noise = NetworkTest(vary="weight_noise_sd", values=[0, 0.5])
    assert [each.stimulus for each in noise.settings(run)] == [run.stimulus] * 2
    assert [each.perturbation for each in noise.settings(run)] == [
        Perturbation(),
        Perturbation(weight_noise_sd=0.5),
    ]


def test_words_are_no_numbers() -> None:
    test = NetworkTest(vary="stimulus.phase", values=["per_sample", "per_dataset"])
    settings = test.settings(RunParameters())
    assert [each.value for each in settings] == [None, None]
    assert [each.stimulus.phase for each in settings] == ["per_sample", "per_dataset"]


@pytest.mark.parametrize("path", TESTED)
def test_everything_but_the_shape_of_the_input_can_be_tested(path: str) -> None:
    values: dict[str, list[Any]] = {
        "stimulus.phase": ["per_dataset"],
        "stimulus.bin_probability": ["mean"],
    }
    test = NetworkTest(vary=path, values=values.get(path, [0.25]))
    assert len(test.settings(RunParameters())) == 1
    assert not {"stimulus.fibres_per_ear", "stimulus.duration_ms", "stimulus.time_step_ms"} & {
        *TESTED
    }


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ({}, "tests.x.vary: Field required"),
        (POWER | {"value": [1]}, "tests.x.value: unknown key; did you mean 'values'?"),
        (POWER | {"values": []}, "tests.x.values: List should have at least 1 item"),
        (POWER | {"values": [10**400]}, "tests.x: values: an integer is too large"),
        (POWER | {"values": [math.nan]}, "tests.x.values.0: Input should be a finite number"),
        (POWER | {"values": [1, 1.0]}, "tests.x: values holds a duplicate"),
        (
            {"vary": "stimulus.envelope_pwer", "values": [1]},
            "tests.x.vary: 'stimulus.envelope_pwer' is nothing that a test can vary; did you mean "
            "'stimulus.envelope_power'?",
        ),
        ({"vary": "stimulus.fibres_per_ear", "values": [9]}, "nothing that a test can vary"),
        ({"vary": "network.tau_ms", "values": [9]}, "nothing that a test can vary"),
        (
            {"vary": "stimulus.rate_max_hz", "values": [600, 1200]},
            "tests.x (free, published): rate_max_hz times time_step_ms is 1.2 spikes",
        ),
        (
            {"vary": "stimulus.frequency_hz", "values": [600]},
            "tests.x (free, published): frequency_hz: 600 is above half the sampling rate",
        ),
        (
            {"vary": "stimulus.phase", "values": ["per_smple"]},
            "tests.x (free, published): phase: Input should be 'per_sample' or 'per_dataset', "
            "not 'per_smple'",
        ),
        (
            {"vary": "weight_noise_sd", "values": ["much"]},
            "tests.x (free, published): weight_noise_sd: Input should be a valid number, not "
            "'much'",
        ),
        ({"vary": "input_lesion_share", "values": [1.5]}, "input_lesion_share: Input should be le"),
        (
            {"vary": "hidden_lesion_share", "values": [0.5]},
            "tests.x (membrane_only, published): hidden_lesion_share needs a network with hidden",
        ),
    ],
)
def test_what_cannot_be_tested_is_named(test: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_config(having(x=test))
    assert str(caught.value).startswith("config: experiments.baseline.tests.x")
    assert message in str(caught.value)


def test_networks_with_divisive_inhibition_have_no_weights_to_perturb() -> None:
    layers = {"w1": {"signs": "dale", "method": "dann"}, "w2": {"signs": "dale"}}
    dann = {"name": "dann", "label": "DANN", "network": layers}
    lesion = {"vary": "input_lesion_share", "values": [0.5]}
    with pytest.raises(InputError, match=r"tests.x \(dann, published\): .*divisive inhibition"):
        check_config(named(dann, tests={"x": lesion}))
    check_config(named(dann, tests={"x": POWER}))


def test_too_many_tests_are_refused_at_once() -> None:
    many = {"vary": "weight_noise_sd", "values": [place / 1000 for place in range(1000)]}
    with pytest.raises(
        InputError, match=r"experiments: tests: 120\d\d values in all runs; at most"
    ):
        check_config(having(a=many, b=many))  # 6 runs of 2000 values


def test_only_configs_with_tests_have_their_tables() -> None:
    none, some = (Plan(check_config(each)) for each in (paper(), having(x=POWER)))
    assert {*some.made_tables()} - {*none.made_tables()} == {"tests", "tests_summary"}
    assert {run.experiment for run in some.tested_runs} == {"baseline"}
    for name in ("tests", "tests_summary"):
        assert some.test_files(name) == [Path(f"results/runs/baseline/{name}.csv")]
    assert some.makes("baseline", "tests_summary") and not none.makes("baseline", "tests_summary")
    assert "tests" not in none.config.experiments["baseline"].model_dump()

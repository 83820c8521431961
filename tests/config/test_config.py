"""What the configs mean: runs, names, and which layer of parameters wins."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import (
    CONTENT,
    EXTENDED,
    PAPER,
    QUICK,
    ROOT,
    SEEDS,
    SIGNS,
    a_sweep,
    by_path,
    named,
    networks,
    paper,
    put,
    runs_of,
    stimuli,
)
from json_schema import validator

from spikeloc.config.expansion import expand
from spikeloc.config.json_schema import config_schema
from spikeloc.config.loading import check_config, load_config
from spikeloc.config.parameters import RunParameters
from spikeloc.config.plan import Plan
from spikeloc.plots.catalogue import panels

SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.json"


def test_runs_come_in_the_order_of_the_config() -> None:
    runs = runs_of(paper())
    assert [run.path for run in runs[:3]] == [
        "baseline/free/published",
        "baseline/free/corrected",
        "baseline/dale-0.5/published",
    ]
    assert list(dict.fromkeys(run.experiment for run in runs)) == list(CONTENT["experiments"])


def test_swept_conditions_are_named_and_labelled_after_their_value() -> None:
    runs = by_path(runs_of(paper()))
    run = runs["dale_ratio/inhibitory_fraction-0.1/published"]
    assert (run.label, run.parameter, run.value) == ("0.1", "inhibitory_fraction", 0.1)
    assert (run.recipe, run.variant) == ("dale", "published")
    small = runs_of(a_sweep(vary="training.learning_rate", values=[1e-5, 200000000.0]))
    assert list(dict.fromkeys(run.condition for run in small))[-2:] == [
        "learning_rate-1e-05",
        "learning_rate-200000000",
    ]


def test_parameter_says_which_layer_is_swept_alone() -> None:
    run = runs_of(a_sweep(vary="network.w1.inhibitory_fraction", values=[0.25]))[-1]
    assert (run.parameter, run.condition) == (
        "w1.inhibitory_fraction",
        "w1.inhibitory_fraction-0.25",
    )


def test_named_conditions_have_no_value() -> None:
    run = by_path(runs_of(paper()))["inhibition_placement/w1_positive/corrected"]
    assert (run.label, run.parameter, run.value) == ("W1+", "", None)


@pytest.mark.parametrize(
    ("path", "values", "names", "labels"),
    [
        ("network.surrogate", ["sigmoid", "superspike"], ["surrogate-sigmoid"], ["sigmoid"]),
        ("network.reset", ["late", "immediate"], ["reset-late", "reset-immediate"], ["late"]),
        ("network.w1.signs", ["free", "dale"], ["w1.signs-free", "w1.signs-dale"], ["free"]),
        ("training.fresh_stimuli", [False, True], ["fresh_stimuli-false"], ["false", "true"]),
    ],
)
def test_words_and_booleans_are_swept_as_conditions(
    path: str, values: list[Any], names: list[str], labels: list[str]
) -> None:
    content = a_sweep(vary=path, values=values, variants=["corrected"])
    runs = [run for run in runs_of(content) if run.experiment == "extra"]
    assert [run.condition for run in runs][: len(names)] == names
    assert [run.label for run in runs][: len(labels)] == labels
    parameter = path.split(".", 1)[1]
    assert {(run.parameter, run.value) for run in runs} == {(parameter, None)}
    group, *inner = path.split(".")
    for run, value in zip(runs, values, strict=True):
        found: Any = run.parameters.model_dump()[group]
        for name in inner:
            # the default of a parameter may be left out
            found = found.get(name, "late")
        assert found == value
    assert check_config(content).experiments["extra"].kind == "conditions"


def test_words_are_set_together_and_span_a_grid() -> None:
    both = ["network.w1.signs", "network.w2.signs"]
    content = a_sweep(vary=both, values=["free", "dale"], variants=["corrected"])
    run = by_path(runs_of(content))["extra/signs-dale/corrected"]
    assert (run.parameters.network.w1.signs, run.parameters.network.w2.signs) == ("dale", "dale")
    grid = {"network.surrogate": ["superspike"], "network.tau_ms": [1, 2]}
    content = a_sweep(vary=None, values=None, grid=grid, variants=["corrected"])
    run = by_path(runs_of(content))["extra/surrogate-superspike_tau_ms-2/corrected"]
    assert (run.label, run.parameters.network.surrogate) == ("superspike, 2", "superspike")


SMALLEST: dict[str, Any] = {
    "name": "smallest",
    "seeds": [1],
    "experiments": {"memory": {"vary": "network.tau_ms", "values": [2]}},
}


def test_without_recipes_and_variants_there_is_one_of_each() -> None:
    (run,) = runs_of(SMALLEST)
    assert (run.path, run.recipe) == ("memory/tau_ms-2/default", "default")
    parameters = RunParameters.model_validate({"network": {"tau_ms": 2}})
    assert run.parameters == parameters.normalised()
    written = check_config(SMALLEST).model_dump(exclude_none=True)
    assert written["recipes"] == written["variants"] == {"default": {}}
    assert check_config(written) == check_config(SMALLEST)


def test_the_only_recipe_need_not_be_named() -> None:
    recipes = {"dale": {"network": {"w1": {"signs": "dale"}}}}
    (run,) = runs_of(SMALLEST | {"recipes": recipes})
    assert (run.recipe, run.parameters.network.w1.signs) == ("dale", "dale")


def test_an_experiment_may_have_variants_of_its_own() -> None:
    content = copy.deepcopy(SMALLEST) | {"variants": {"slow": {"training": {"epochs": 5}}}}
    put(content, "experiments.memory.variants", {"fast": {"training": {"epochs": 2}}, "slow": {}})
    config = check_config(content)
    runs = expand(config)
    assert {(run.variant, run.parameters.training.epochs) for run in runs} == {
        ("fast", 2), ("slow", 30)
    }  # fmt: skip
    assert config.variant_names == ["slow", "fast"]


def test_variants_have_any_names() -> None:
    variants = {"slow": {"training": {"epochs": 5}}, "2nd.try": {}}
    content = SMALLEST | {"variants": variants}
    assert [run.path for run in runs_of(content)] == [
        "memory/tau_ms-2/slow",
        "memory/tau_ms-2/2nd.try",
    ]
    put(content, "experiments.memory.nesting", {"slow": {"networks": 2, "shared": ["training"]}})
    put(content, "experiments.memory.variants", ["slow"])
    (run,) = runs_of(content)
    assert (run.parameters.training.epochs, run.parameters.nesting.networks) == (5, 2)


def test_base_recipe_condition_and_variant_override_in_this_order() -> None:
    content = named({"name": "x", "label": "x"})
    assert content["network"]["tau_ms"] == 5 and content["training"]["batch_size"] == 64

    def resolved() -> RunParameters:
        return by_path(runs_of(content))["extra/x/published"].parameters

    content["recipes"]["envelope"] = {}
    assert resolved().network.tau_ms == 5
    content["recipes"]["envelope"] = {"network": {"tau_ms": 6}}
    assert resolved().network.tau_ms == 6
    content["experiments"]["extra"]["conditions"][0]["network"] = {"tau_ms": 7}
    assert resolved().network.tau_ms == 7
    content["recipes"]["envelope"]["training"] = {"batch_size": 65}
    content["variants"]["published"]["training"] = {"batch_size": 66, "weights_kept": "notebook"}
    assert resolved().training.batch_size == 66
    assert resolved().network.hidden_units == 30  # said by the base alone


def test_an_override_leaves_its_siblings_alone() -> None:
    content = named({"name": "x", "label": "x", "network": {"w1": {"inhibitory_fraction": 0.3}}})
    content["experiments"]["extra"]["recipe"] = "dale"
    network = by_path(runs_of(content))["extra/x/corrected"].parameters.network
    assert (network.w1.signs, network.w1.inhibitory_fraction) == ("dale", 0.3)
    assert network.w2.inhibitory_fraction == 0.5 and network.tau_ms == 5


def test_a_condition_may_have_a_recipe_of_its_own() -> None:
    content = named({"name": "x", "label": "x", "recipe": "dale"}, {"name": "y", "label": "y"})
    runs = by_path(runs_of(content))
    assert runs["extra/x/published"].recipe == "dale"
    assert runs["extra/y/published"].recipe == "envelope"


@pytest.mark.parametrize(
    "content",
    [
        a_sweep(),
        named({"name": "x", "label": "x", "network": {"hidden_units": 7}}),
        put(
            paper(), "experiments.envelope_power.values", [2, 0, 7, 1, 3, 4, 5, 10, 30, 40, 50, 100]
        ),
        put(paper(), "recipes.unused", {"network": {"tau_ms": 3}}),
        put(paper(), "name", "other"),
    ],
    ids=["sweep", "conditions", "value", "recipe", "name"],
)
def test_additions_leave_every_other_network_and_stimulus_as_it_was(content: Any) -> None:
    before, after = runs_of(paper()), runs_of(content)
    assert networks(before).items() <= networks(after).items()
    assert stimuli(before).items() <= stimuli(after).items()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("stimulus.frequency_hz", 21),
        ("network.surrogate_slope", 6),
        ("training.batch_size", 32),
        ("training.test_samples", 1024),
    ],
)
def test_parameters_that_matter_change_the_name(path: str, value: float) -> None:
    before, after = (networks(runs_of(c)) for c in (paper(), put(paper(), path, value)))
    free = "baseline/free/corrected"
    assert before[free] != after[free]
    assert RunParameters().network_name([1]) != RunParameters().network_name([1, 2])


def test_parameters_without_effect_do_not_change_the_name() -> None:
    # signs are free in the envelope recipe, so that the fraction means nothing there
    before, after = (
        networks(runs_of(c)) for c in (paper(), put(paper(), "network.w1.inhibitory_fraction", 0.2))
    )
    assert before["baseline/free/corrected"] == after["baseline/free/corrected"]
    assert before["baseline/dale-0.5/corrected"] != after["baseline/dale-0.5/corrected"]


def test_whole_numbers_are_the_same_as_integers() -> None:
    content = put(put(paper(), "stimulus.frequency_hz", 20.0), "network.tau_ms", 5.0)
    assert networks(runs_of(content)) == networks(runs_of(paper()))


@pytest.mark.long
@pytest.mark.parametrize("path", [PAPER, QUICK, SIGNS, EXTENDED])
def test_the_configs_are_valid_by_model_and_schema(path: Any) -> None:
    load_config(path)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(content)


def test_quick_has_every_experiment_panel_and_text_of_paper_and_signs() -> None:
    quick, *others, extended = (Plan(load_config(path)) for path in (QUICK, PAPER, SIGNS, EXTENDED))
    experiments = dict.fromkeys(name for plan in others for name in plan.config.experiments)
    own = [name for name in quick.config.experiments if name in experiments]
    assert own == list(experiments)
    assert {*quick.config.experiments} - {*own} < {*extended.config.experiments}
    drawn, more = panels(quick), panels(extended)
    assert {name for plan in others for name in panels(plan)} < {*drawn}
    assert {panel.kind for panel in more.values()} < {panel.kind for panel in drawn.values()}
    typeset = [document for plan in others for document in plan.config.documents]
    assert quick.config.documents == typeset


def test_runs_are_tested_at_all_phases_in_the_order_they_are_named() -> None:
    names = ["dale_ratio/inhibitory_fraction-0.5", "baseline/free"]
    runs = Plan(check_config(put(paper(), "phase_effect.runs", names))).phase_runs
    variants = ("published", "corrected")
    assert [run.path for run in runs] == [f"{name}/{v}" for name in names for v in variants]


def test_no_run_is_tested_at_all_phases_unless_the_config_says_so() -> None:
    content = paper()
    del content["phase_effect"]
    assert Plan(check_config(content)).phase_runs == []


def test_the_hand_built_localiser_is_tested_at_every_power_in_every_variant() -> None:
    runs = Plan(check_config(paper())).coincidence_runs
    variants = ("published", "corrected")
    powers = CONTENT["experiments"]["envelope_power"]["values"]
    assert [(run.value, run.variant) for run in runs] == [(k, v) for k in powers for v in variants]


def test_no_localiser_is_built_unless_the_config_says_so() -> None:
    content = paper()
    del content["coincidence"]
    assert Plan(check_config(content)).coincidence_runs == []


def test_networks_of_all_phases_with_hidden_units_are_asked_what_they_learned() -> None:
    names = ["inhibition_placement", "baseline"]
    runs = Plan(check_config(put(paper(), "analysis.experiments", names))).analysed_runs
    assert [run.path for run in runs] == [
        f"{name}/corrected"
        for name in (
            "inhibition_placement/both",
            "inhibition_placement/w1_positive",
            "inhibition_placement/w2_positive",
            "baseline/free",
            "baseline/dale-0.5",
        )
    ]
    one_phase = put(paper(), "experiments.baseline.variants", ["published"])
    runs = Plan(check_config(put(one_phase, "analysis.experiments", ["baseline"]))).analysed_runs
    assert [run.path for run in runs] == ["baseline/free/published", "baseline/dale-0.5/published"]
    content = paper()
    del content["analysis"]
    assert Plan(check_config(content)).analysed_runs == []


def test_the_extended_config_starts_from_the_papers_networks() -> None:
    here, there = by_path(expand(load_config(EXTENDED))), by_path(runs_of(paper()))
    for own, papers in (
        ("longer_free/standard", "baseline/free"),
        ("longer_dale/standard", "baseline/dale-0.5"),
        ("surrogate_shape/sigmoid", "baseline/dale-0.5"),
        ("surrogate_slope/surrogate_slope-5", "baseline/dale-0.5"),
        ("hidden_noise/noise_sd-0", "baseline/dale-0.5"),
        ("fibre_rate/rate_max_hz-600", "baseline/dale-0.5"),
    ):
        names = [
            runs[f"{path}/corrected"].parameters.network_name(SEEDS)
            for runs, path in ((here, own), (there, papers))
        ]
        assert names[0] == names[1], own


def test_the_comparison_of_signs_finds_the_papers_networks() -> None:
    signs, paper = (Plan(load_config(path)) for path in (SIGNS, PAPER))
    shared = [
        run.path
        for run in signs.runs
        if {block.name for block in run.ensemble.blocks} <= paper.blocks.keys()
    ]
    both = ("dale_ratio", "inhibition_placement")
    assert shared == [run.path for name in both for run in signs.runs_of(name)]
    assert signs.networks == paper.networks and signs.tables != paper.tables
    for run in map(signs.run, shared):
        assert signs.manifest(run.ensemble) == paper.manifest(paper.run(run.path).ensemble)


@pytest.mark.parametrize(
    ("changes", "folder"),
    [
        ({"name": "mine"}, "results"),
        ({"name": "mine", "backend": "reference"}, "results/cpu-reference"),
        ({"device": "cuda"}, "results/cuda-auto"),
    ],
)
def test_networks_are_shared_by_configs_that_compute_alike(
    changes: dict[str, Any], folder: str
) -> None:
    plan = Plan(check_config(paper() | changes))
    assert plan.networks == Path(folder, "networks")
    assert plan.manifest(plan.runs[0].ensemble).is_relative_to(f"{folder}/stimuli")


def test_the_schema_file_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == config_schema()


def test_the_schema_is_one_and_refuses_what_the_model_refuses() -> None:
    schema = validator(json.loads(config_schema()))
    assert schema.is_valid(SMALLEST | {"extends": "../base.yaml"})
    for path, value in [("nmae", "x"), ("network.tau_ms", "20"), ("seeds", [])]:
        assert not schema.is_valid(put(paper(), path, value))


def test_only_the_papers_own_results_lie_at_the_top() -> None:
    assert check_config(paper()).subfolder == ""
    assert check_config(put(paper(), "name", "quick")).subfolder == "quick"

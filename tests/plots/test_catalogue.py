"""Panels are found by themselves, asked for by the config, and drawn from what they say."""

import importlib
import inspect
from typing import Any

import pytest
import yaml
from configs import QUICK, a_sweep, paper, put, with_signs

from spikeloc.config.loading import check_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.plots.catalogue import Panel, panels
from spikeloc.plots.declarations import declaration, kinds

MEMBRANE = "baseline/membrane_only/corrected"


def panels_of(content: dict[str, Any]) -> dict[str, Panel]:
    return panels(Plan(check_config(content)))


def refused(content: dict[str, Any]) -> str:
    with pytest.raises(InputError) as error:
        panels_of(content)
    return str(error.value)


@pytest.mark.parametrize("kind", kinds())
def test_a_panel_draws_from_what_it_says(kind: str) -> None:
    said = declaration(kind)
    module = importlib.import_module(f"spikeloc.plots.panels.{kind}")
    wanted = {
        name: parameter
        for name, parameter in inspect.signature(module.draw).parameters.items()
        if name != "figure"
    }
    # options may only say what the panel is of; inputs and facts are all drawn
    assert {*said.drawn_from, *said.facts} <= set(wanted)
    assert set(wanted) <= {*said.drawn_from, *said.options, *said.facts}
    assert all(each.default is inspect.Parameter.empty for each in wanted.values())
    assert said.caption.endswith(".") and len(module.SIZE_MM) == 2


def test_an_experiment_has_a_panel_of_its_kind() -> None:
    made = panels_of(a_sweep(title="Time constant"))["extra"]
    assert (made.kind, made.settings["title"]) == ("sweep", "Time constant")
    assert made.caption.startswith("Time constant: ")
    assert panels_of(a_sweep())["extra"].settings["title"] == "extra"
    grid = {"network.tau_ms": [1, 2], "network.hidden_units": [3, 4]}
    made = panels_of(a_sweep(vary=None, values=None, grid=grid))["extra"]
    assert "against tau (ms) and hidden units." in made.caption
    assert made.kind == "grid" and made.settings["swept"] == ["tau_ms", "hidden_units"]
    assert made.settings["places"]["tau_ms-2_hidden_units-3"] == [2, 3]
    assert "extra" not in panels_of(a_sweep(panel={}))


def test_a_sweep_of_words_has_a_panel_of_conditions() -> None:
    words: dict[str, Any] = {"vary": "network.surrogate", "values": ["sigmoid", "superspike"]}
    made = panels_of(a_sweep(**words))["extra"]
    assert (made.kind, made.settings["xlabel"]) == ("conditions", "Surrogate")
    said = refused(a_sweep(**words, panel={"a": {"kind": "sweep"}}))
    assert "panel.a: experiment: 'extra' is not of the kind 'sweep'" in said
    grid = {"network.surrogate": ["sigmoid"], "training.fresh_stimuli": [True, False]}
    made = panels_of(a_sweep(vary=None, values=None, grid=grid))["extra"]
    assert [*made.settings["places"].values()] == [["sigmoid", "true"], ["sigmoid", "false"]]


def test_a_panel_of_one_variant_refuses_several() -> None:
    put(
        content := with_signs(),
        "experiments.sign_methods_half.variants",
        ["published", "corrected"],
    )
    assert (
        "panels.sign_methods: experiments: the panel shows one variant, and "
        "'sign_methods_half' has published, corrected"
    ) in refused(content)
    put(content := with_signs(), "experiments.sign_grid.variants", ["published", "corrected"])
    assert "panels.sign_grid: grid: the panel shows one variant" in refused(content)
    put(content := with_signs(), "experiments.balanced_ratio.variants", ["published"])
    said = refused(content)
    assert "panels.sign_grid: balanced: 'balanced_ratio' has no variant 'corrected'" in said


def test_the_localiser_is_shown_in_the_variant_with_all_phases() -> None:
    def shown(content: dict[str, Any]) -> str:
        return str(panels_of(content)["coincidence_tuning"].settings["variant_of_localiser"])

    assert shown(paper()) == "corrected"
    assert shown(put(paper(), "experiments.envelope_power.variants", ["published"])) == "published"


def test_a_name_decides_about_nothing() -> None:
    """A sweep that is called like one of the notebooks' gets neither its panels nor its values."""
    content = paper()
    content["experiments"]["envelope_power"] = {
        "recipe": "envelope",
        "title": "Only a few",
        "vary": "stimulus.envelope_power",
        "values": [1, 2],
    }
    plan = Plan(check_config(content))
    made = panels(plan)
    assert made["envelope_power"].settings["title"] == "Only a few"
    assert "envelope_accuracy" not in made and "envelope_error" not in made
    assert "envelope_power" not in plan.reproduced
    assert "envelope_power" not in made["reproduction"].settings["titles"]


def test_an_experiment_of_any_name_is_reproduced_if_it_says_so() -> None:
    content = a_sweep(printed="resources/printed/mine.csv", title="Mine")
    plan = Plan(check_config(content))
    assert plan.reproduced[-1] == "extra"
    assert panels(plan)["reproduction"].settings["titles"]["extra"] == "Mine"


@pytest.mark.parametrize(
    "panel, message",
    [
        ({"a": {"kind": "none"}}, "panel.a: there is no panel 'none', only: "),
        ({"a": {"kind": 3}}, "panel.a: there is no panel"),
        ({"a": {"kind": "../style"}}, "panel.a: there is no panel"),
        ({"a": {"colour": "red"}}, "panel.a: colour: unknown option; the options are: metric, x"),
        ({"a": {"metric": "loss"}}, "panel.a: metric: 'loss' is not a metric of runs.csv; did"),
        ({"a": {"zoom": "yes"}}, "panel.a: zoom: must be true or false, not 'yes'"),
        ({"a": {"title": 5}}, "panel.a: title: must be text, not 5"),
        ({"a": {"kind": "confusion", "conditions": ["x"]}}, "panel.a: conditions: 'x' is not a"),
        ({"trial": {}}, "panel.trial: there is a panel 'trial' already"),
        ({"a": {"kind": "grid"}}, "panel.a: experiment: 'extra' is not of the kind 'grid'"),
        (
            {"a": {"kind": "confusion", "conditions": [["x"]]}},
            "panel.a: conditions: must be a list",
        ),
        (
            {"a": {"kind": "confusion", "conditions": [{"x": 1}]}},
            "panel.a: conditions: must be a li",
        ),
        (
            {"a": {"kind": "confusion", "conditions": ["x", "x"]}},
            "panel.a: conditions: holds a dup",
        ),
        ({"a": {"caption": 5}}, "panel.a: caption: must be text, not 5"),
        ({"a": {"caption": ["x"]}}, "panel.a: caption: must be text, not ['x']"),
        (
            {"a": {"caption": "a $ b"}},
            "panel.a: caption: it is drawn into figures: one line without",
        ),
        (
            {"a": {"xlabel": r"$\x$"}},
            "panel.a: xlabel: it is drawn into figures: one line without $",
        ),
        ({"a": {"title": "θ 日本"}}, "panel.a: title: the font of the figures has no '日本'"),
        (
            {"a": {"title": "two\nlines"}},
            "panel.a: title: it is drawn into figures: one line without",
        ),
    ],
)
def test_what_a_panel_cannot_be_told_is_named(panel: dict[str, Any], message: str) -> None:
    assert f"config: experiments.extra.{message}" in refused(a_sweep(panel=panel))


@pytest.mark.parametrize(
    "path, value, message",
    [
        ("panels.sweep", {}, "panels.sweep: it needs an experiment: ask for it there"),
        ("panels.w1_columns", {}, "panels.w1_columns: run: must be given"),
        (
            "panels.w1_columns",
            {"run": "baseline/free/wrong"},
            "'baseline/free/wrong' is not an experiment/condition/variant",
        ),
        ("panels.sign_grid.grid", "nobody", "panels.sign_grid: grid: 'nobody' is not an exp"),
        ("panels.sign_grid.grid", "dale_ratio", "grid: 'dale_ratio' is not of the kind 'grid'"),
        ("panels.sign_grid.uniform", "baseline", "uniform: 'baseline' is not of the kind 'sweep'"),
        ("panels.sign_grid.placement", "nobody", "placement: 'nobody' is not an experiment"),
        (
            "experiments.baseline.panel.a",
            {"kind": "sweep"},
            "'baseline' is not of the kind 'sweep'",
        ),
        ("experiments.sign_grid.panel.a", {"kind": "sweep"}, "'sign_grid' is not of the kind 'swe"),
        ("panels.trial.run", "baseline", "run: 'baseline' is not an experiment/condition/variant"),
        (
            "panels.example_stimuli.run",
            "baseline/free",
            "run: 'baseline/free' is not an experiment/",
        ),
        ("panels.sorted_weights.runs", ["baseline"], "runs: 'baseline' is not an experiment/cond"),
        ("panels.sorted_weights.runs", [], "runs: must be given"),
        ("panels.trial.run", MEMBRANE, f"the panel needs hidden units, which '{MEMBRANE}' lacks"),
        ("panels.architecture.run", MEMBRANE, "panels.architecture: run: the panel needs hidden u"),
        (
            "panels.sorted_weights.runs",
            [MEMBRANE],
            "sorted_weights: runs: the panel needs hidden u",
        ),
        ("panels.w1_columns.run", MEMBRANE, "panels.w1_columns: run: the panel needs hidden units"),
        ("panels.sign_methods.experiments", ["envelope_power"], "has no run with an inhibitory"),
        ("panels.sign_methods.experiments", "dale_ratio", "experiments: must be a list"),
        ("panels.architecture", {"run": "a/b/c"}, "run: 'a/b/c' is not an experiment/condition"),
    ],
)
def test_what_a_panel_cannot_be_of_is_named(path: str, value: Any, message: str) -> None:
    assert message in refused(put(with_signs(), path, value))


@pytest.mark.parametrize("key", ["phase_effect", "coincidence", "analysis", "search"])
def test_a_panel_of_a_key_needs_the_key(key: str) -> None:
    """Wherever it is asked for: without the key, what it is drawn from is not made."""
    (kind, *_) = [kind for kind in kinds() if declaration(kind).drawn_if == key]
    content = put(paper(), "experiments.baseline.panel.mine", {"kind": kind})
    content.pop(key, None)
    assert f"panel.mine: this kind of panel needs the key `{key}` of the config" in refused(content)
    assert kind not in panels_of(put(content, "experiments.baseline.panel", {}))


def test_a_panel_of_a_key_may_have_another_name() -> None:
    made = panels_of(put(paper(), "experiments.baseline.panel.mine", {"kind": "condition_weights"}))
    assert made["mine"].inputs == made["condition_weights"].inputs


def test_runs_with_the_same_label_are_told_apart() -> None:
    runs = ["baseline/free/published", "baseline/free/corrected", "baseline/dale-0.5/corrected"]
    settings = panels_of(put(paper(), "panels.sorted_weights.runs", runs))[
        "sorted_weights"
    ].settings
    labels = ["Free signs\nbaseline, published", "Free signs\nbaseline, corrected", "Dale"]
    assert settings["run_labels"] == dict(zip(runs, labels, strict=True))


def test_letters_that_no_figure_can_show_are_named() -> None:
    label = put(paper(), "experiments.inhibition_placement.conditions.0.label", "± 日")
    title = put(paper(), "experiments.dale_ratio.title", "日本")
    for content, field in (
        (label, "experiments.inhibition_placement.both.label"),
        (title, "experiments.dale_ratio.title"),
    ):
        assert f"config: {field}: the font of the figures has no '" in refused(content)
    panels_of(put(paper(), "experiments.dale_ratio.title", "αβγ ≤ ½ µV é Ж"))


def test_words_in_braces_are_filled_in_where_the_panel_wrote_them_only() -> None:
    for given in ({"title": "{metric}"}, {"caption": "{metric} and {parameter}."}):
        made = panels_of(a_sweep(panel={"a": given}))["a"].caption
        assert made.startswith("{metric}") and "{observer}" not in made
    without_experiment = put(paper(), "panels.primer", {"caption": "{parameter}."})
    assert panels_of(without_experiment)["primer"].caption == "{parameter}."


def test_a_caption_says_what_is_drawn() -> None:
    made = panels_of(a_sweep(title="Time constant"))["extra"].caption
    assert made == (
        "Time constant: Test accuracy (%) against tau (ms). Small marks are single networks; lines "
        "with bands are means with 95 % intervals over seeds; dotted lines are the ideal observer."
    )
    trained = {"metric": "train_accuracy", "xlabel": "Time constant"}
    made = panels_of(a_sweep(panel={"a": trained}, printed="mine.csv"))["a"].caption
    assert made.startswith("Training accuracy (%) against time constant. Small marks")
    assert made.endswith("over seeds; diamonds are printed values.")
    rates = {"kind": "conditions", "metric": "hidden_rate_hz"}
    made = panels_of(a_sweep(panel={"a": rates}))["a"].caption
    assert made.startswith("Hidden rate (sp/s) by condition.") and "observer" not in made


def test_a_caption_of_its_own_keeps_what_marks_mean() -> None:
    for own in ("My {own} words", "My {own}\n words."):
        made = panels_of(a_sweep(panel={"a": {"caption": own, "title": "T"}}))["a"].caption
        assert made.startswith("My {own} words. Small marks are single networks; lines with bands")
    content = put(paper(), "experiments.baseline.panel.mine", {"kind": "confusion", "caption": "C"})
    assert panels_of(content)["mine"].caption == "C."


def test_what_is_compared_with_is_called_by_its_signs_or_label() -> None:
    content = with_signs()
    assert panels_of(content)["sign_methods"].settings["reference_label"] == "free signs"
    put(content, "experiments.sign_methods_half.reference", "relu")
    assert panels_of(content)["sign_methods"].settings["reference_label"] == "relu"


@pytest.mark.parametrize(
    "recipes, labels",
    [
        (["envelope", "dale"], ["free", "Dale"]),
        (["dale", "dale_fifth"], ["dale", "dale fifth"]),
    ],
)
def test_a_searched_recipe_is_called_by_its_signs_or_name(
    recipes: list[str], labels: list[str]
) -> None:
    search = yaml.safe_load(QUICK.read_text(encoding="utf-8"))["search"] | {"recipes": recipes}
    made = panels_of(put(with_signs(), "search", search))["search"]
    assert made.settings["recipe_labels"] == dict(zip(recipes, labels, strict=True))

"""Panels are found by themselves, asked for by the config, and drawn from what they say."""

import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest
from configs import EXTENDED, PAPER, QUICK, a_sweep, paper, put

from spikeloc.config.loading import check_config, load_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.plots import catalogue
from spikeloc.plots.catalogue import Panel, declaration, kinds, panels

NEW = '''"""Accuracy of one experiment, once more.

More of what nobody needs in a caption.
"""

DRAWN_FROM = {"summary": "runs/{experiment}/summary.csv"}
OPTIONS = {"colour": ("red", "blue"), "thin": False}
FACTS = ("chance",)
SIZE_MM = (50.0, 40.0)


def draw(figure, *, summary, colour, thin, chance):
    figure.add_subplot().plot(summary["mean"], color=colour)
'''


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


@pytest.mark.parametrize("path", [PAPER, QUICK, EXTENDED])
def test_every_panel_of_our_configs_says_what_it_shows(path: Path) -> None:
    made = panels(Plan(load_config(path)))
    assert made and all(panel.caption for panel in made.values())


def test_every_panel_is_in_some_config() -> None:
    drawn = {
        panel.kind
        for path in (PAPER, QUICK, EXTENDED)
        for panel in panels(Plan(load_config(path))).values()
    }
    assert drawn == set(kinds())


def test_a_new_file_is_a_new_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "once_more.py").write_text(NEW)
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    content = a_sweep(panel={"mine": {"kind": "once_more", "colour": "blue"}})
    content["experiments"] = {"extra": content["experiments"]["extra"]}
    for key in ("phase_effect", "coincidence", "analysis", "panels"):
        del content[key]
    made = panels_of(content)
    assert made == {
        "mine": Panel(
            "once_more",
            "Accuracy of one experiment, once more.",
            {"summary": "results/runs/extra/summary.csv"},
            {"colour": "blue", "thin": False, "chance": 100 / 12},
        )
    }


def test_an_experiment_has_a_panel_of_its_kind() -> None:
    made = panels_of(a_sweep(title="Time constant"))["extra"]
    assert (made.kind, made.settings["title"]) == ("sweep", "Time constant")
    assert made.caption.startswith("Time constant: ")
    assert panels_of(a_sweep())["extra"].settings["title"] == "extra"
    grid = {"network.tau_ms": [1, 2], "network.hidden_units": [3, 4]}
    made = panels_of(a_sweep(vary=None, values=None, grid=grid))["extra"]
    assert made.kind == "grid" and made.settings["swept"] == ["tau_ms", "hidden_units"]
    assert made.settings["places"]["tau_ms-2_hidden_units-3"] == [2, 3]
    assert "extra" not in panels_of(a_sweep(panel={}))


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
    # of what was printed for a protocol that is not run, nothing can be said
    content["experiments"]["extra"]["variants"] = ["corrected"]
    assert "extra" not in Plan(check_config(content)).reproduced


@pytest.mark.parametrize(
    "panel, message",
    [
        ({"a": {"kind": "none"}}, "panel.a: there is no panel 'none', only: architecture"),
        ({"a": {"kind": 3}}, "panel.a: there is no panel"),
        ({"a": {"kind": "../style"}}, "panel.a: there is no panel"),
        ({"a": {"colour": "red"}}, "panel.a: colour: unknown option; the options are: metric, x"),
        ({"a": {"metric": "loss"}}, "panel.a: metric: must be one of test_accuracy, train_acc"),
        ({"a": {"zoom": "yes"}}, "panel.a: zoom: must be true or false, not 'yes'"),
        ({"a": {"title": 5}}, "panel.a: title: must be text, not 5"),
        ({"a": {"kind": "confusion", "conditions": ["x"]}}, "panel.a: conditions: 'x' is not a"),
        ({"trial": {}}, "panel.trial: there is a panel 'trial' already"),
        ({"a": {"kind": "grid"}}, "panel.a: 'extra' is not a grid"),
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
        ("panels.sign_grid.grid", "nobody", "panels.sign_grid: 'nobody' is not an experiment"),
        ("panels.sign_methods.experiments", ["envelope_power"], "has no run with an inhibitory"),
        ("panels.sign_methods.experiments", "dale_ratio", "experiments: must be a list"),
        ("panels.architecture", {"run": "a/b/c"}, "run: 'a/b/c' is not an experiment/condition"),
    ],
)
def test_what_a_panel_cannot_be_of_is_named(path: str, value: Any, message: str) -> None:
    assert message in refused(put(paper(), path, value))

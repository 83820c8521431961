"""The paper reads every number from files, and a number that is missing stops it."""

import copy
import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from spikeloc.errors import InputError
from spikeloc.paper import compile_paper
from workflow_project import ROOT, Project

NUMBERS = "results/quick/tables/numbers.json"
INPUTS = {
    "results": "/results/quick",
    "figures": "/figures/quick",
    "config": "/results/quick/config.yaml",
    "date": "2026-01-31",
}
# strings, comments, mathematics, references and labels are not prose
NOT_PROSE = r'"(?:\\.|[^"\\])*"|//[^\n]*|\$[^$]*\$|@[\w:.-]+|<[\w:.-]+>'
CONSTANTS = {"0", "1", "2", "10", "32"}
LITERAL = r"(?<![a-z]-)(?<![\d.])\d+(?:[.,]\d+|\s*(?:%|°|percent|per cent|degrees|points))"


def compiled(project: Project, folder: Path, inputs: dict[str, str] = INPUTS) -> bytes:
    output = folder / "paper.pdf"
    compile_paper(project.folder / "paper/paper.typ", output, project.folder, inputs)
    return output.read_bytes()


def test_no_result_is_a_literal() -> None:
    source = (ROOT / "paper/paper.typ").read_text(encoding="utf-8")
    assert re.findall(LITERAL, source) == []
    assert re.findall(r".*\d.*", re.sub(NOT_PROSE, "", source)) == []
    # mathematics holds small constants and exponents only, strings only names
    formulas = re.findall(r"\$[^$]*\$", re.sub(r'"[^"]*"', "", source))
    assert {n for formula in formulas for n in re.findall(r"\d+", formula)} <= CONSTANTS
    for string in re.findall(r'"([^"]*)"', source):
        assert not re.fullmatch(r"[\d.,\s]+", string)


@pytest.mark.parametrize("name", ["template.typ", "numbers.typ"])
def test_layout_holds_no_result(name: str) -> None:
    source = (ROOT / "paper" / name).read_text(encoding="utf-8")
    code = re.sub(r"//[^\n]*", "", source)
    assert re.findall(r"\d\s*(?:°|percent|degrees|points)", code) == []
    # per cent: the level of the intervals, and widths of the whole line
    assert set(re.findall(r"(\d+)(?:#sym[.\w]*)?%", code)) <= {"95", "100"}


def test_same_inputs_give_the_same_bytes(quick: Project, tmp_path: Path) -> None:
    assert compiled(quick, tmp_path) == compiled(quick, tmp_path)


def test_changed_result_changes_the_paper(quick: Project, tmp_path: Path) -> None:
    before = compiled(quick, tmp_path)
    text = (quick.folder / NUMBERS).read_text(encoding="utf-8")
    numbers = json.loads(text)
    numbers["results"]["inhibition_placement"]["both"]["corrected"]["test_accuracy"]["mean"] = "1.2"
    with quick.edited(NUMBERS, text, json.dumps(numbers)):
        assert compiled(quick, tmp_path) != before


@pytest.mark.parametrize("key", ['"w1_positive"', '"chance"', '"dale_ratio"'])
def test_missing_number_stops_the_build(quick: Project, tmp_path: Path, key: str) -> None:
    with quick.edited(NUMBERS, key, '"elsewhere"'), pytest.raises(InputError, match=key[1:-1]):
        compiled(quick, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_missing_figure_stops_the_build(quick: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="example_stimuli"):
        compiled(quick, tmp_path, INPUTS | {"figures": "/figures/nowhere"})


def test_missing_parameter_stops_the_build(quick: Project, tmp_path: Path) -> None:
    config = "results/quick/config.yaml"
    with (
        quick.edited(config, "rate_max_hz", "rate_hz"),
        pytest.raises(InputError, match="rate_max_hz"),
    ):
        compiled(quick, tmp_path)


def test_another_experiment_may_vary_what_the_text_states(quick: Project, tmp_path: Path) -> None:
    # as after adding a sweep of the time constant to the config
    folder = Project(tmp_path / "copy")
    shutil.copytree(quick.folder, folder.folder)
    path = folder.folder / "results/quick/config.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    added = copy.deepcopy(content["runs"]["baseline/dale-0.5/corrected"])
    added["network"]["tau_ms"] = 50.0
    content["runs"]["time_constant/tau_ms-50/corrected"] = added
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    assert compiled(folder, tmp_path).startswith(b"%PDF")
    content["runs"]["baseline/dale-0.5/corrected"]["network"]["tau_ms"] = 50.0
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    with pytest.raises(InputError, match="not the same in all runs"):
        compiled(folder, tmp_path)

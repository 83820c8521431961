"""The paper reads every number from files, and a number that is missing stops it."""

import copy
import json
import re
import shutil
from pathlib import Path

import pytest
import typst
import yaml
from typeset import INPUTS, compiled
from workflow_project import ROOT, Project

from spikeloc.config.loading import load_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.paper.claims import read_claims
from spikeloc.paper.numbers import paper_numbers
from spikeloc.statistics.declared_tables import table as declared_table
from spikeloc.statistics.schema import read_tables

NUMBERS = "results/quick/tables/numbers.json"
PAPER = "paper/paper.typ"
# strings, comments, mathematics, references and labels are not prose
NOT_PROSE = r'"(?:\\.|[^"\\])*"|//[^\n]*|\$[^$]*\$|@[\w:.-]+|<[\w:.-]+>'
LAYOUT = ["template.typ", "tables.typ", "systems_table.typ", "extended_conditions.typ"]
LAYOUT += ["signs_conditions.typ", "numbers.typ", "findings.typ"]
CONSTANTS = {"0", "1", "2", "10", "32"}
LITERAL = r"(?<![a-z]-)(?<![\d.])\d+(?:[.,]\d+|\s*(?:%|°|percent|per cent|degrees|points))"


# The folder of each document's sections.
FOLDERS = {
    "paper": "sections",
    "supplement": "supplement",
    "signs": "signs",
    "extended": "extended",
}
CONFIGS = {"supplement": "paper"}  # of documents that have no config of their own


def prose(*documents: str) -> dict[str, str]:
    """The documents, all or these, and their sections, by path."""
    files = [
        path
        for document in documents or FOLDERS
        for pattern in (f"{document}.typ", f"{FOLDERS[document]}/*.typ")
        for path in sorted((ROOT / "paper").glob(pattern))
    ]
    return {str(path.relative_to(ROOT / "paper")): path.read_text("utf-8") for path in files}


@pytest.mark.parametrize("name", prose())
def test_no_result_is_a_literal(name: str) -> None:
    source = prose()[name]
    assert re.findall(LITERAL, source) == []
    assert re.findall(r".*\d.*", re.sub(NOT_PROSE, "", source)) == []
    # mathematics holds small constants and exponents only, strings only names
    formulas = re.findall(r"\$[^$]*\$", re.sub(r'"[^"]*"', "", source))
    assert {n for formula in formulas for n in re.findall(r"\d+", formula)} <= CONSTANTS
    for string in re.findall(r'"([^"]*)"', source):
        assert not re.fullmatch(r"[\d.,\s]*\d[\d.,\s]*", string)


@pytest.mark.parametrize("name", LAYOUT)
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


def test_what_documents_share_needs_no_experiment(quick: Project, tmp_path: Path) -> None:
    """Else it could be used with configs that have all experiments only, such as quick.yaml."""
    text, paper = ((quick.folder / each).read_text("utf-8") for each in (NUMBERS, PAPER))
    numbers = json.loads(text)
    experiments = set(numbers["labels"])
    for key, value in numbers.items():
        if isinstance(value, dict):
            numbers[key] = {name: value[name] for name in value if name not in experiments}
    shared = "".join(f'#import "{name}.typ": *\n' for name in ("findings", "tables", "template"))
    shared += '#set document(title: "All that is shared")\nText\n'
    with quick.edited(NUMBERS, text, json.dumps(numbers)), quick.edited(PAPER, paper, shared):
        assert compiled(quick, tmp_path).startswith(b"%PDF")


def test_a_document_prints_its_own_counts(quick: Project, tmp_path: Path) -> None:
    before = compiled(quick, tmp_path)
    text = (quick.folder / NUMBERS).read_text(encoding="utf-8")
    numbers = json.loads(text)
    own = numbers["documents"]["quick"]
    numbers["documents"] |= {"same": own, "other": own | {"seeds": "987654"}}
    with quick.edited(NUMBERS, text, json.dumps(numbers)):
        assert compiled(quick, tmp_path, INPUTS | {"document": "same"}) == before
        assert compiled(quick, tmp_path, INPUTS | {"document": "other"}) != before
        with pytest.raises(InputError, match="nowhere"):
            compiled(quick, tmp_path, INPUTS | {"document": "nowhere"})


def test_claims_of_other_documents_are_not_counted(quick: Project, tmp_path: Path) -> None:
    before = compiled(quick, tmp_path)
    text = (quick.folder / NUMBERS).read_text(encoding="utf-8")
    numbers = json.loads(text)
    for source in ("text", "notebooks"):
        claim = next(it for it in numbers["claims"].values() if it["source"] == source)
        numbers["claims"][f"other {source}"] = claim
    with quick.edited(NUMBERS, text, json.dumps(numbers)):
        assert compiled(quick, tmp_path) == before


@pytest.mark.parametrize(
    "label", ['#panic("x")', "$x$ *b* _i_ `c` <a> @b // c", "= \\ ~ -- ' \"", ']#eval("1")[']
)
def test_labels_are_text_in_a_document(quick: Project, tmp_path: Path, label: str) -> None:
    text = (quick.folder / NUMBERS).read_text(encoding="utf-8")
    numbers = json.loads(text)
    numbers["labels"]["inhibition_placement"]["w1_positive"] = label
    place = 'label-of("inhibition_placement", "w1_positive")'
    probe = quick.folder / "paper/probe.typ"
    probe.write_text(
        '#import "findings.typ": *\n#import "template.typ": m\n'
        f"#metadata([#{place}].text) <label>\n"
        f"#metadata(m($k = #{place}$).alt) <spoken>\n"
    )
    with quick.edited(NUMBERS, text, json.dumps(numbers)):
        assert compiled(quick, tmp_path).startswith(b"%PDF")
        compiler = typst.Compiler(probe, root=quick.folder, sys_inputs=INPUTS)
        found = {
            name: json.loads(compiler.query(f"<{name}>", field="value", one=True))
            for name in ("label", "spoken")
        }
    probe.unlink()
    assert found["label"] == label and found["spoken"].endswith(label)


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


def test_sentence_that_the_tables_do_not_support_stops_the_build(
    quick: Project, tmp_path: Path
) -> None:
    config = "results/quick/config.yaml"
    numbers = json.loads((quick.folder / NUMBERS).read_text(encoding="utf-8"))
    wrong = [name for name, claim in numbers["claims"].items() if claim["outcome"] == "fails"]
    assert wrong  # three small networks a condition cannot show what the text says
    with (
        quick.edited(config, "check_claims: false", "check_claims: true"),
        pytest.raises(InputError, match=f"claim ({'|'.join(wrong)})|claim .* not tested"),
    ):
        compiled(quick, tmp_path)


def test_claim_about_a_row_that_is_missing_stops_the_build(quick: Project, tmp_path: Path) -> None:
    text = (quick.folder / NUMBERS).read_text(encoding="utf-8")
    numbers = json.loads(text)
    for claim in numbers["claims"].values():
        if claim["source"] == "text":
            claim["outcome"] = "holds"
    config = "results/quick/config.yaml"
    with quick.edited(config, "check_claims: false", "check_claims: true"):
        with quick.edited(NUMBERS, text, json.dumps(numbers)):
            assert compiled(quick, tmp_path).startswith(b"%PDF")
        numbers["claims"]["own_phase"]["outcome"] = "not tested"
        with (
            quick.edited(NUMBERS, text, json.dumps(numbers)),
            pytest.raises(InputError, match="claim own_phase not tested"),
        ):
            compiled(quick, tmp_path)


@pytest.mark.parametrize("document", FOLDERS)
def test_every_claim_of_the_text_is_in_the_text(document: str) -> None:
    made = {
        each.source: each.claims
        for each in load_config(ROOT / f"config/{CONFIGS.get(document, document)}.yaml").documents
    }
    source = "".join(prose(document).values())
    claims = ROOT / made[f"paper/{document}.typ"]
    listed = [claim.name for claim in read_claims([claims]).text]
    assert set(re.findall(r'#claim\("(\w+)"\)', source)) == set(listed)


def test_second_supplement_names_runs_of_its_config() -> None:
    config = load_config(ROOT / "config/extended.yaml")
    plan = Plan(config)
    runs = {run.path for run in plan.runs}
    source = "".join(prose("extended").values())
    looked_up = r'#(?:estimate|difference|result|share)\(\s*"(\w+)",\s*"([\w.-]+)"'
    named = set(re.findall(looked_up, source))
    named |= set(re.findall(r'trained-row\([^"]*"(\w+)", "([\w.-]+)"', source))
    assert len(named) > 20
    own = [each for each in named if each[0] not in plan.precomputed]
    assert {"/".join([*each, "corrected"]) for each in own} <= runs
    mentioned = set(re.findall(r'(?:reference-of|last-condition|conditions)\("(\w+)"', source))
    assert mentioned <= set(config.experiments)


def test_paper_for_reviewers_names_nobody(quick: Project, tmp_path: Path) -> None:
    config = "results/quick/config.yaml"
    author = b"The spikeloc authors"
    assert author in compiled(quick, tmp_path)  # in the metadata, which are not compressed
    with quick.edited(config, "anonymous: false", "anonymous: true"):
        made = compiled(quick, tmp_path)
    assert author not in made and b"Anonymous authors" in made
    with quick.edited(config, "line_numbers: false", "line_numbers: true"):
        assert len(compiled(quick, tmp_path)) > 0


# a cell of each table that the text quotes: name, row, column
CELLS = [
    ("summary", "experiment == 'baseline' and metric == 'test_accuracy'", "mean"),
    ("comparisons", "condition == 'w2_positive' and metric == 'test_accuracy'", "ci95_low"),
    ("ideal_observer", "envelope_power == 2", "accuracy"),
    ("efficiency", "experiment == 'spike_jitter'", "accuracy_share_percent"),
    ("phase_variance", "condition == 'free'", "sd_phase"),
    ("reproduction_summary", "experiment == 'envelope_power'", "median_width"),
    ("binaural", "condition == 'w1_positive' and metric == 'dips_in_phase'", "mean"),
    ("coincidence_summary", "envelope_power == 2 and metric == 'accuracy'", "mean"),
]


@pytest.mark.parametrize(("table", "row", "column"), CELLS)
def test_changed_table_changes_the_paper(
    quick: Project, tmp_path: Path, table: str, row: str, column: str
) -> None:
    text = (quick.folder / NUMBERS).read_text(encoding="utf-8")
    plan = Plan(load_config(ROOT / "config/quick.yaml"))
    others = {name: [plan.tables / f"{name}.csv"] for name in ("printed", "claims")}
    tables = {
        name: read_tables([quick.folder / path for path in paths], declared_table(name))
        for name, paths in (plan.cited_tables() | others).items()
    }
    made = json.loads(text)
    stimulus = {**plan.config.stimulus.model_dump(exclude={"phase"}), "classes": 12}
    about = (plan.trained_from(), plan.counted(), stimulus)
    before = paper_numbers(tables, *about)
    assert before["results"] == made["results"]  # these are the tables that it was made from
    tables[table].loc[tables[table].eval(row), column] += 3.3
    changed = paper_numbers(tables, *about)
    with quick.edited(NUMBERS, text, json.dumps(changed)):
        other = compiled(quick, tmp_path)
    assert other != compiled(quick, tmp_path)

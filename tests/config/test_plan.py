"""The plan of files: which documents and tables a config makes, and what a job's line says."""

from pathlib import Path
from typing import Any

import pytest
from configs import PAPER, ROOT, SIGNS, paper, put

from spikeloc.config.loading import check_config, load_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.plots.catalogue import panels
from spikeloc.release.archive import released_files


def plan_of(**changes: Any) -> Plan:
    content = paper()
    for path, value in changes.items():
        put(content, path.replace("__", "."), value)
    return Plan(check_config(content))


def document(source: str, **more: Any) -> dict[str, Any]:
    return {"source": source, "claims": "paper/claims.yaml"} | more


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("paper", ["paper", "extended"]),
        ("mine", ["mine", "mine-extended"]),
    ],
)
def test_documents_are_called_after_the_config(name: str, expected: list[str]) -> None:
    texts = [document("paper/paper.typ"), document("paper/extended.typ")]
    made = plan_of(name=name, documents=texts).documents()
    assert list(made) == expected
    assert [each.source for each in made.values()] == ["paper/paper.typ", "paper/extended.typ"]


def test_each_document_counts_its_own_experiments() -> None:
    texts = [
        document("paper/paper.typ", experiments=["baseline"]),
        document("paper/extended.typ", experiments=["dale_ratio"]),
    ]
    plan = plan_of(name="mine", documents=texts)
    assert plan.counted() == {"mine": ["baseline"], "mine-extended": ["dale_ratio"]}
    assert list(plan.trained_from()) == [run.path for run in plan.runs]
    both = plan_of(documents=[document("paper/paper.typ")])
    assert both.counted() == {"paper": list(both.config.experiments)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"experiments__baseline__printed": "resources/printed/none.csv"},
            "config: experiments.baseline.printed: resources/printed/none.csv: no such file",
        ),
        (
            {"documents": [document("paper/none.typ")]},
            "config: documents.0.source: paper/none.typ: no such file",
        ),
        (
            {"documents": [document("paper/paper.typ", experiments=["basline"])]},
            "config: documents.0.experiments: 'basline' is not an experiment; "
            "did you mean 'baseline'?",
        ),
        (
            {"documents": [document("paper/extended.typ")] * 3},
            "config: documents: two PDFs would have the same name",
        ),
    ],
)
def test_files_that_are_missing_are_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], message: str
) -> None:
    monkeypatch.chdir(ROOT)
    plan_of().check_files()
    with pytest.raises(InputError) as caught:
        plan_of(**changes).check_files()
    assert str(caught.value) == message


def test_a_config_makes_the_tables_that_it_asks_for() -> None:
    whole = plan_of().result_tables()
    assert whole["runs"] == Path("results/tables/runs.csv")
    content = paper()
    del content["coincidence"]
    for experiment in content["experiments"].values():
        experiment.pop("printed", None)
    less = Plan(check_config(content)).result_tables()
    gone = {"coincidence_summary", "reproduction", "reproduction_summary"}
    assert set(whole) - set(less) == gone


@pytest.mark.parametrize("path", [PAPER, SIGNS], ids=lambda path: path.stem)
def test_a_release_holds_what_belongs_to_its_config(path: Path) -> None:
    plan = Plan(load_config(path))
    files = [Path(each) for each in released_files(plan, panels(plan))]
    assert len(files) > 10 and all(each.is_relative_to(plan.results) for each in files)
    assert not [each for each in files if each.is_relative_to(plan.networks)]


def test_a_jobs_line_names_the_runs_that_it_serves() -> None:
    plan = plan_of()
    both = plan.run("inhibition_placement/both/corrected")
    equal = sum(run.ensemble == both.ensemble for run in plan.runs)
    line = f"{plan:network {both.ensemble.name}}"
    first = f"baseline/dale-0.5/corrected and {equal - 1} more"
    assert equal > 2 and line.startswith(
        f"Train 10 networks of {first}, seeds 1, 2, 3, 4, 5, 6, 7, 8, 9, 10: "
    )
    stimulus = both.parameters.stimulus_name()
    shared = sum(run.parameters.stimulus_name() == stimulus for run in plan.runs)
    assert f"{plan:stimulus {stimulus}}" == f"baseline/free/corrected and {shared - 1} more"
    observed = plan.run("envelope_power/envelope_power-50/published").parameters.observer_name()
    line = f"{plan:observed {observed}}"
    assert line == "envelope_power/envelope_power-50/published and 1 more"


def test_printed_values_count_where_the_printed_protocol_was_run() -> None:
    assert plan_of().reproduced == [
        name for name, each in paper()["experiments"].items() if "printed" in each
    ]


def test_a_manifest_is_found_by_its_stimulus_and_seed() -> None:
    plan = Plan(load_config(PAPER))
    block = plan.runs[0].ensemble.blocks[0]
    stimulus = block.parameters.stimulus_name()
    found = plan.manifest_with(stimulus, block.seeds[-1])
    assert found == plan.manifest(block) == Path("results/stimuli", stimulus, "seeds-1-10.json")
    with pytest.raises(InputError, match=f"trained on seed 11 of the stimulus {stimulus}"):
        plan.manifest_with(stimulus, 11)

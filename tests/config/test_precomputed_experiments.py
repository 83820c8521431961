"""Experiments whose tables are kept among the sources count as those of the config."""

from pathlib import Path
from typing import Any

import pytest
from configs import ROOT
from finished_run import CONFIG, finish_run

from spikeloc.config.loading import check_config, load_config
from spikeloc.config.plan import Plan
from spikeloc.io.errors import InputError
from spikeloc.paper.needs import check_documents
from spikeloc.plots.catalogue import panels
from spikeloc.release.archive import released_files
from spikeloc.release.origin import settings
from spikeloc.release.precomputed import keep

FOLDER = "resources/slow"
COPY = "results/mine/runs/e/{}.csv"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    keep(finish_run(), Path(FOLDER))


def plan_of(**more: Any) -> Plan:
    own: dict[str, Any] = {"mine": {"vary": "network.tau_ms", "values": [1, 2]}}
    content = {"name": "mine", "seeds": [1], "experiments": own, "precomputed": [FOLDER]}
    return Plan(check_config(content | more))


def refused(plan: Plan) -> str:
    with pytest.raises(InputError) as error:
        plan.check_files()
        panels(plan)
    return str(error.value)


def test_their_tables_are_read_with_those_of_the_config() -> None:
    plan = plan_of()
    plan.check_files()
    cited = plan.cited_tables()
    assert cited["summary"] == [plan.tables / "summary.csv", Path(COPY.format("summary"))]
    assert cited["convergence"] == [Path(COPY.format("convergence"))]  # the config makes none
    assert cited["ideal_observer"] == [plan.tables / "ideal_observer.csv"]
    assert {*plan.result_tables()} == {*plan_of(precomputed=[]).result_tables()}
    assert COPY.format("runs") in released_files(plan, panels(plan))


def test_a_config_without_them_has_the_hash_that_it_had() -> None:
    assert "precomputed" not in settings(plan_of(precomputed=[]).config)


def test_a_panel_may_be_of_one_of_them() -> None:
    made = panels(plan_of(panels={"far": {"kind": "convergence", "experiment": "e"}}))["far"]
    assert made.inputs["convergence"] == COPY.format("convergence")
    said = refused(plan_of(panels={"far": {"kind": "loss_curves"}}))
    assert said.startswith("config: panels.far: it needs an experiment")
    said = refused(plan_of(panels={"far": {"kind": "convergence", "experiment": "f"}}))
    assert said.startswith("config: panels.far: experiment: 'f' is not an experiment")
    said = refused(plan_of(panels={"far": {"kind": "convergence", "experiment": "mine"}}))
    assert said.endswith("experiment: no variants of 'mine' differ in training.epochs alone")


def test_a_file_that_is_altered_or_gone_is_named_before_any_job() -> None:
    path = Path(FOLDER, "e/summary.csv")
    path.write_text(path.read_text().replace("60.5", "60.6"))
    said = (
        "config: precomputed: resources/slow/e/summary.csv: is not what resources/slow/origin.json"
    )
    assert refused(plan_of()).startswith(said)
    path.unlink()
    assert refused(plan_of()) == f"config: precomputed: {path}: no such file"
    Path(FOLDER, "origin.json").unlink()
    assert refused(plan_of()) == f"config: precomputed: {FOLDER}/origin.json: no such file"


def test_an_experiment_is_made_or_kept_and_not_both() -> None:
    own = {"e": {"vary": "network.tau_ms", "values": [1, 2]}}
    said = "config: precomputed: 'e' is also one of the experiments"
    assert refused(plan_of(experiments=own)) == said


def test_an_experiment_is_kept_in_one_folder_only() -> None:
    keep(Plan(check_config(CONFIG)), Path("resources/again"))
    plan = plan_of(precomputed=[FOLDER, "resources/again"])
    assert refused(plan) == "config: precomputed: 'e' is also in resources/slow"


def test_a_panel_that_needs_a_sweep_or_a_test_finds_that_there_is_none() -> None:
    jitter = {"kind": "jitter", "experiment": "e"}
    said = refused(plan_of(panels={"j": jitter}))
    assert said == "config: panels.j: experiment: 'e' is not of the kind 'sweep'"


def test_a_panel_may_be_of_a_kept_sweep_with_tests() -> None:
    plan = Plan(load_config(ROOT / "config/quick.yaml"))
    kept = ROOT / "resources/controls/spike_jitter/tests_summary.csv"
    plan.precomputed = {"spike_jitter": {"runs": kept.with_name("runs.csv"), "tests_summary": kept}}
    assert plan.kind_of("spike_jitter") == "sweep" and plan.tests_of("spike_jitter") == ["jitter"]
    assert plan.kind_of("dale_ratio") == "sweep" and plan.tests_of("baseline") == ["jitter"]
    assert plan.kind_of("baseline") == "conditions" and plan.tests_of("dale_ratio") == []


def test_a_text_may_speak_of_them(tmp_path: Path) -> None:
    (tmp_path / "paper.typ").write_text('#estimate("e", "a", "long")')
    check = "{table: convergence, run: e/a/long, column: converged, equals: false}"
    claims = "{{notebooks: [], text: [{{name: n, statement: s, holds: [{}]}}]}}"
    (tmp_path / "claims.yaml").write_text(claims.format(check))
    text = {"source": "paper.typ", "claims": "claims.yaml"}
    plan = plan_of(documents=[text], check_claims=True)
    check_documents(plan, panels(plan))
    (tmp_path / "claims.yaml").write_text(claims.format(check.replace("long", "longer")))
    with pytest.raises(InputError, match="needs the run 'e/a/longer'"):
        check_documents(plan, panels(plan))

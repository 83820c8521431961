"""What a release tells machines about its run."""

import json
from typing import Any

import pytest

from spikeloc.release.crate import PROFILES, crate_metadata

PROVENANCE: dict[str, Any] = {
    "config": "quick",
    "version": "0.1.0",
    "commit": "c0ffee",
    "clean": True,
    "sources_sha256": "5ca1ab1e",
    "packages": {"snakemake": "9.27.1"},
    "started": "2026-01-02T03:04:05+00:00",
    "ended": "2026-01-02T03:06:07+00:00",
    "wall_seconds": 122,
}
CITATION: dict[str, Any] = {
    "title": "A title",
    "license": "MIT",
    "date-released": "2026-01-01",
    "authors": [{"name": "One"}, {"name": "Two"}],
}
CONFIG, RESULTS = "results/config.yaml", ["results/tables/a.csv", "results/tables/b.csv"]


def graph(**changes: object) -> dict[str, dict[str, Any]]:
    text = crate_metadata(PROVENANCE | changes, CITATION, CONFIG, RESULTS)
    return {entity["@id"]: entity for entity in json.loads(text)["@graph"]}


def references(value: object) -> list[str]:
    if isinstance(value, list):
        return [found for each in value for found in references(each)]
    return [value["@id"]] if isinstance(value, dict) else []


def test_run_made_the_results_from_the_config_with_the_workflow() -> None:
    run = graph()["#run"]
    assert run["@type"] == "CreateAction"
    assert references(run["instrument"]) == ["Snakefile"]
    assert references(run["object"]) == [CONFIG]
    assert references(run["result"]) == RESULTS
    assert {graph()[path]["encodingFormat"] for path in RESULTS} == {"text/csv"}
    assert (run["startTime"], run["endTime"]) == (PROVENANCE["started"], PROVENANCE["ended"])


def test_crate_holds_its_files_and_names_its_profiles() -> None:
    entities = graph()
    root = entities["./"]
    assert sorted(references(root["hasPart"])) == sorted(["Snakefile", CONFIG, *RESULTS])
    assert references(root["conformsTo"]) == list(PROFILES)
    assert references(root["mainEntity"]) == ["Snakefile"]
    assert "ComputationalWorkflow" in entities["Snakefile"]["@type"]
    assert entities[root["author"]["@id"]]["name"] == "One, Two"


def test_everything_that_the_crate_makes_up_is_in_it() -> None:
    entities = graph()
    named = {
        name for entity in entities.values() for key in entity for name in references(entity[key])
    }
    assert {name for name in named if not name.startswith("http")} <= set(entities)


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({}, "c0ffee"),
        ({"clean": False}, "c0ffee-dirty"),
        ({"commit": None, "clean": None}, "0.1.0, sources 5ca1ab1e"),
    ],
)
def test_version_is_the_commit(changes: dict[str, object], version: str) -> None:
    assert graph(**changes)["Snakefile"]["version"] == version


def test_moments_that_nobody_knows_are_left_out() -> None:
    entities = graph(started=None, ended=None)
    assert not {"startTime", "endTime"} & set(entities["#run"])
    assert entities["./"]["datePublished"] == CITATION["date-released"]


def test_same_run_gives_the_same_text() -> None:
    first, second = (crate_metadata(PROVENANCE, CITATION, CONFIG, RESULTS) for _ in range(2))
    assert first == second

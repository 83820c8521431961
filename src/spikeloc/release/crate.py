"""Describe a run as a Workflow Run RO-Crate: the workflow, its input, its times and its results.

The profile is https://w3id.org/ro/wfrun/workflow/0.5.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from rocrate.model import ContextEntity
from rocrate.rocrate import ROCrate

METADATA = "ro-crate-metadata.json"
WORKFLOW = "Snakefile"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
FORMATS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".npz": "application/zip",
    ".safetensors": "application/octet-stream",
    ".yaml": "application/yaml",
}
PARAMETER_PROFILE = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"


def crate_metadata(
    provenance: Mapping[str, Any], citation: Mapping[str, Any], config: str, results: Iterable[str]
) -> str:
    """The text of ``ro-crate-metadata.json``, for a folder with ``Snakefile`` and all named files.

    Args:
        provenance: content of ``results/provenance.json``.
        citation: content of ``CITATION.cff``.
        config: path of the resolved config, which is the input of the run.
        results: paths of the files that the run made.
    """
    crate = ROCrate(version="1.1")

    def entity(identifier: str, kind: str, **properties: Any) -> ContextEntity:
        content = {"@type": kind, **properties}
        return crate.add(ContextEntity(crate, identifier, properties=content))

    licensed = f"https://spdx.org/licenses/{citation['license']}"
    licence = entity(licensed, "CreativeWork", name=citation["license"])
    parameter = entity(
        "#config", "FormalParameter", name="config", additionalType="File",
        conformsTo={"@id": PARAMETER_PROFILE},
    )  # fmt: skip
    workflow = crate.add_workflow(
        dest_path=WORKFLOW,
        main=True,
        lang="snakemake",
        lang_version=provenance["packages"]["snakemake"],
        properties={
            "name": citation["title"],
            "description": "The entry file; the rules that it includes are in the repository, "
            "at the commit that `version` names.",
            "version": _version(provenance),
        },
    )
    workflow["license"] = licence
    workflow["input"] = parameter
    given = crate.add_file(dest_path=config, properties=_described(config))
    given["exampleOfWork"] = parameter
    moments = {"startTime": provenance["started"], "endTime": provenance["ended"]}
    action = entity(
        "#run", "CreateAction", name=f"Run of the config {provenance['config']!r}",
        description="From the first job to the last, over all calls of Snakemake: "
        f"{provenance['wall_seconds']} seconds of job time.",
        **{key: moment for key, moment in moments.items() if moment},
        actionStatus={"@id": "http://schema.org/CompletedActionStatus"},
    )  # fmt: skip
    action["instrument"] = workflow
    action["object"] = given
    action["result"] = [
        crate.add_file(dest_path=path, properties=_described(path)) for path in results
    ]
    root = crate.root_dataset
    root["name"] = citation["title"]
    root["description"] = (
        f"Results of the config {provenance['config']!r}: tables and small arrays."
    )
    root["datePublished"] = provenance["ended"] or str(citation["date-released"])
    root["license"] = licence
    names = ", ".join(author["name"] for author in citation["authors"])
    root["author"] = root["publisher"] = entity("#authors", "Organization", name=names)
    root["mentions"] = action
    root["conformsTo"] = [
        entity(identifier, "CreativeWork", name=name, version=identifier.rsplit("/", 1)[1])
        for identifier, name in PROFILES.items()
    ]
    return json.dumps(crate.metadata.generate(), indent=1) + "\n"


def _described(path: str) -> dict[str, str]:
    return {"name": path, "encodingFormat": FORMATS[PurePosixPath(path).suffix]}


def _version(provenance: Mapping[str, Any]) -> str:
    """The commit, marked "-dirty" if sources had uncommitted changes; without one, the version and
    the hash of the sources."""
    if not provenance["commit"]:
        return f"{provenance['version']}, sources {provenance['sources_sha256']}"
    return str(provenance["commit"]) + ("" if provenance["clean"] else "-dirty")

"""The paper, compiled from what the quick workflow has made."""

from pathlib import Path

from workflow_project import Project

from spikeloc.paper.typesetting import compile_paper

INPUTS = {
    "results": "/results/quick",
    "figures": "/figures/quick",
    "config": "/results/quick/config.yaml",
    "claims": "/paper/claims.yaml",
    "document": "quick",
    "date": "2026-01-31",
}


def compiled(project: Project, folder: Path, inputs: dict[str, str] = INPUTS) -> bytes:
    """The bytes of the PDF."""
    output = folder / "paper.pdf"
    compile_paper(project.folder / "paper/paper.typ", output, project.folder, inputs)
    return output.read_bytes()

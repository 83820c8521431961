"""Provenance, and the archive from which panels and documents are made without training."""

from spikeloc.release.archive import released_files
from spikeloc.release.origin import settings


rule drawings:
    """All panels and documents, and the interactive page."""
    input:
        explorer=[PLAN.explorer_page] if CONFIG.explorer else [],
        panels=[panel_files(PLAN, name) for name in PANELS],
        documents=[f"paper/{name}.pdf" for name in PLAN.documents()],


rule provenance:
    """Config hash, commit, versions, machine, and wall and CPU time of each rule."""
    input:
        drawings=rules.drawings.input,
        runs=[PLAN.run_file(run, "weights") for run in PLAN.runs],
        origin=rules.origin.output.origin,
    output:
        provenance=RESULTS / "provenance.json",
    log:
        LOGS / "provenance.log",
    benchmark:
        BENCHMARKS / "provenance.jsonl"
    localrule: True
    params:
        folders=[BENCHMARKS, SHARED / "benchmarks"],
        patterns=lambda wildcards: benchmark_patterns(),
        device=CONFIG.device,
        backend=CONFIG.backend,
        code=code("provenance"),
    message:
        "Provenance"
    script:
        "../scripts/provenance.py"


rule release:
    """Pack the files that panels and documents are made from, for `make redraw`."""
    input:
        results=released_files(PLAN, PANELS),
        explorer=rules.drawings.input.explorer,
        provenance=rules.provenance.output.provenance,
        config=rules.resolved_config.output.config,
        citation="CITATION.cff",
        workflow="Snakefile",
    output:
        archive=RESULTS / f"spikeloc-{CONFIG.name}.zip",
    log:
        LOGS / "release.log",
    benchmark:
        BENCHMARKS / "release.jsonl"
    localrule: True
    params:
        name=CONFIG.name,
        settings=settings(CONFIG),
        code=code("release"),
    message:
        "Release {output.archive}"
    script:
        "../scripts/release.py"

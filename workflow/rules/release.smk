"""Provenance, and the archive from which panels and documents are made without training."""

from spikeloc.release.origin import config_hash


rule drawings:
    """All panels and documents."""
    input:
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
        folder=BENCHMARKS,
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
        # without claims and numbers, which `make redraw` makes again, since the text may be newer
        results=sorted(
            {
                *(path for panel in PANELS.values() for path in panel.files()),
                *made_tables(),
                *map(str, [*rules.resolved_config.output, *rules.origin.output]),
                *map(str, rules.provenance.output),
            }
            - {str(TABLES / "claims.csv"), str(TABLES / "numbers.json")}
        ),
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
        config=config_hash(CONFIG),
        code=code("release"),
    message:
        "Release {output.archive}"
    script:
        "../scripts/release.py"

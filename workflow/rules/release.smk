"""Where the results come from, and what others need to draw panels and paper without training."""


rule provenance:
    """Config hash, commit, versions, machine, and wall and CPU time of every rule."""
    input:
        made=rules.drawn.input,
        runs=[run_folder(run) / RUN_FILES["weights"] for run in RUNS],
        origin=rules.origin.output.origin,
    output:
        provenance=RESULTS / "provenance.json",
    log:
        LOGS / "provenance.log",
    benchmark:
        BENCHMARKS / "provenance.jsonl"
    localrule: True
    resources:
        mem_mb=200,
        runtime=5,
    params:
        folder=BENCHMARKS,
        patterns=lambda wildcards: benchmark_patterns(),
        device=CONFIG.device,
        backend=CONFIG.backend,
        code=script_hash("provenance.py"),
    message:
        "Provenance"
    script:
        "../scripts/provenance.py"


rule release:
    """What panels and paper are drawn from, in one archive: `make redraw` draws from it."""
    input:
        results=[
            *released_files(),
            rules.origin.output.origin,
            rules.provenance.output.provenance,
        ],
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
    resources:
        mem_mb=500,
        runtime=5,
    params:
        name=CONFIG.name,
        config=config_hash(CONFIG),
        code=script_hash("release.py"),
    message:
        "Release {output.archive}"
    script:
        "../scripts/release.py"

"""Tables: first each experiment's own, so that a new one changes no other, then all together."""


rule experiment_tables:
    """Runs, summary, comparisons, losses and confusions of one experiment."""
    input:
        metrics=lambda w: [run_folder(r) / "metrics.csv" for r in runs_of(w.experiment)],
        history=lambda w: [run_folder(r) / "history.csv" for r in runs_of(w.experiment)],
        confusion=lambda w: [run_folder(r) / "confusion.csv" for r in runs_of(w.experiment)],
    output:
        runs=RESULTS / "runs/{experiment}/runs.csv",
        summary=RESULTS / "runs/{experiment}/summary.csv",
        comparisons=RESULTS / "runs/{experiment}/comparisons.csv",
        history=RESULTS / "runs/{experiment}/history.csv",
        confusion=RESULTS / "runs/{experiment}/confusion.csv",
    log:
        LOGS / "experiments/{experiment}/tables.log",
    benchmark:
        BENCHMARKS / "experiments/{experiment}/tables.jsonl"
    localrule: True
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        about=lambda w: [about(run) for run in runs_of(w.experiment)],
        reference=lambda w: reference_of(w.experiment),
        code=script_hash("experiment_tables.py"),
    message:
        "Tables of {wildcards.experiment}"
    script:
        "../scripts/experiment_tables.py"


rule tables:
    """The tables of all experiments, and what the notebooks printed."""
    input:
        runs=[RESULTS / "runs" / name / "runs.csv" for name in CONFIG.experiments],
        summary=[RESULTS / "runs" / name / "summary.csv" for name in CONFIG.experiments],
        comparisons=[RESULTS / "runs" / name / "comparisons.csv" for name in CONFIG.experiments],
    output:
        runs=table("runs"),
        summary=table("summary"),
        comparisons=table("comparisons"),
    log:
        LOGS / "tables/all.log",
    benchmark:
        BENCHMARKS / "tables/all.jsonl"
    localrule: True
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        code=script_hash("tables.py"),
    message:
        "Tables of all experiments"
    script:
        "../scripts/tables.py"


rule printed:
    """What the original notebooks printed, as tables."""
    input:
        results="resources/printed_results.json",
    output:
        printed=table("printed"),
        losses=table("printed_losses"),
    log:
        LOGS / "tables/printed.log",
    benchmark:
        BENCHMARKS / "tables/printed.jsonl"
    localrule: True
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        code=script_hash("printed.py"),
    message:
        "What the notebooks printed"
    script:
        "../scripts/printed.py"


rule claims:
    """What the tables say about the notebooks' claims and the text's own."""
    input:
        claims=DOCUMENT.claims,
        tables=list(result_tables().values()),
    output:
        claims=table("claims"),
    log:
        LOGS / "tables/claims.log",
    benchmark:
        BENCHMARKS / "tables/claims.jsonl"
    localrule: True
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        names=list(result_tables()),
        code=script_hash("claims.py"),
    message:
        "Claims"
    script:
        "../scripts/claims.py"


if REPRODUCED:

    rule reproduction:
        """Every printed number beside our published runs, with its prediction interval."""
        input:
            printed=rules.printed.output.printed,
            runs=[RESULTS / "runs" / name / "runs.csv" for name in REPRODUCED],
            history=[RESULTS / "runs" / name / "history.csv" for name in REPRODUCED],
        output:
            reproduction=table("reproduction"),
            summary=table("reproduction_summary"),
        log:
            LOGS / "tables/reproduction.log",
        benchmark:
            BENCHMARKS / "tables/reproduction.jsonl"
        localrule: True
        resources:
            mem_mb=grown(500),
            runtime=grown(5),
        params:
            nesting={name: published_nesting(name) for name in REPRODUCED},
            code=script_hash("reproduction.py"),
        message:
            "Reproduction of what the notebooks printed"
        script:
            "../scripts/reproduction.py"


rule numbers:
    """Every number that the paper's text may look up, formatted."""
    input:
        **paper_tables(),
    output:
        numbers=TABLES / "numbers.json",
    log:
        LOGS / "tables/numbers.log",
    benchmark:
        BENCHMARKS / "tables/numbers.jsonl"
    localrule: True
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        trained_from=trained_from(),
        classes=CONFIG.network.classes,
        code=script_hash("numbers.py"),
    message:
        "Numbers for the paper's text"
    script:
        "../scripts/numbers.py"


rule resolved_config:
    """The config with everything filled in, and each run's own parameters."""
    output:
        config=RESULTS / "config.yaml",
    log:
        LOGS / "tables/config.log",
    benchmark:
        BENCHMARKS / "tables/config.jsonl"
    localrule: True
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        config=CONFIG.model_dump(exclude_none=True),
        runs={run.path: {"recipe": run.recipe} | run.parameters.model_dump() for run in RUNS},
        code=script_hash("resolved_config.py"),
    message:
        "Resolved config"
    script:
        "../scripts/resolved_config.py"

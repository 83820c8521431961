"""The hand-built localiser on the test data of networks, if the config has the key `coincidence`."""


rule coincidence_scores:
    """Choose the detectors for one envelope power on validation data, then test them."""
    input:
        manifests=lambda w: [
            PLAN.manifest(block)
            for run in PLAN.runs_in(*w.condition.split("/"))
            for block in run.ensemble.blocks
        ],
    output:
        search=RESULTS / "runs/{condition}/coincidence_search.csv",
        scores=RESULTS / "runs/{condition}/coincidence.csv",
        tuning=RESULTS / "runs/{condition}/coincidence_tuning.npz",
    log:
        LOGS / "runs/{condition}/coincidence.log",
    benchmark:
        BENCHMARKS / "runs/{condition}/coincidence.jsonl"
    resources:
        mem_mb=grown(1600),
        runtime=grown(10),
    params:
        runs=lambda w: {
            run.variant: run.parameters.model_dump()
            for run in PLAN.runs_in(*w.condition.split("/"))
        },
        seeds=list(PLAN.coincidence_runs[0].seeds),
        grid=CONFIG.coincidence.model_dump(),
        backend=CONFIG.backend,
        code=code("coincidence_scores"),
    message:
        "Hand-built localiser, {wildcards.condition}"
    script:
        "../scripts/coincidence_scores.py"


rule coincidence_tables:
    """Scores, searched settings and tuning curves of the hand-built localiser at all powers."""
    input:
        search=[folder / "coincidence_search.csv" for folder in PLAN.coincidence_folders()],
        scores=[folder / "coincidence.csv" for folder in PLAN.coincidence_folders()],
        tuning=[folder / "coincidence_tuning.npz" for folder in PLAN.coincidence_folders()],
    output:
        search=table("coincidence_search"),
        scores=table("coincidence"),
        summary=table("coincidence_summary"),
        tuning=ARRAYS / "coincidence_tuning.npz",
    log:
        LOGS / "tables/coincidence.log",
    benchmark:
        BENCHMARKS / "tables/coincidence.jsonl"
    localrule: True
    params:
        code=code("coincidence_tables"),
    message:
        "Tables of the hand-built localiser"
    script:
        "../scripts/coincidence_tables.py"

"""The hand-built localiser on the test data of trained networks, if the config asks for it."""

if COINCIDENCE_RUNS:

    rule coincidence_test:
        """Choose the detectors for one envelope power on validation data, and test them."""
        input:
            manifests=lambda w: [
                path
                for run in runs_of(w.experiment)
                if run.condition == w.condition
                for path in manifests(run.ensemble)
            ],
        output:
            search=RESULTS / "runs/{experiment}/{condition}/coincidence_search.csv",
            scores=RESULTS / "runs/{experiment}/{condition}/coincidence.csv",
            tuning=RESULTS / "runs/{experiment}/{condition}/coincidence_tuning.npz",
        log:
            LOGS / "runs/{experiment}/{condition}/coincidence.log",
        benchmark:
            BENCHMARKS / "runs/{experiment}/{condition}/coincidence.jsonl"
        resources:
            mem_mb=grown(1600),
            runtime=grown(10),
        params:
            runs=lambda w: {
                run.variant: run.parameters.model_dump()
                for run in runs_of(w.experiment)
                if run.condition == w.condition
            },
            seeds=list(COINCIDENCE_RUNS[0].seeds),
            grid=CONFIG.coincidence.model_dump(),
            backend=CONFIG.backend,
            code=script_hash("coincidence_test.py"),
        message:
            "Hand-built localiser, {wildcards.condition}"
        script:
            "../scripts/coincidence_test.py"

    rule coincidence:
        """The hand-built localiser at all envelope powers: scores, their search, tuning curves."""
        input:
            search=[folder / "coincidence_search.csv" for folder in coincidence_folders()],
            scores=[folder / "coincidence.csv" for folder in coincidence_folders()],
            tuning=[folder / "coincidence_tuning.npz" for folder in coincidence_folders()],
        output:
            search=table("coincidence_search"),
            scores=table("coincidence"),
            summary=table("coincidence_summary"),
            tuning=RESULTS / "arrays/coincidence_tuning.npz",
        log:
            LOGS / "tables/coincidence.log",
        benchmark:
            BENCHMARKS / "tables/coincidence.jsonl"
        localrule: True
        resources:
            mem_mb=grown(500),
            runtime=grown(5),
        params:
            code=script_hash("coincidence.py"),
        message:
            "Hand-built localiser"
        script:
            "../scripts/coincidence.py"

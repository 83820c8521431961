"""Effect of the starting phase on trained networks, if the config has the key `phase_effect`."""


rule phase_scores:
    """Test the networks of a stimulus at starting phases all round the cycle."""
    input:
        weights=lambda w: [PLAN.run_file(run, "weights") for run in PLAN.phase_runs_on(w.stimulus)],
        metrics=lambda w: [PLAN.run_file(run, "metrics") for run in PLAN.phase_runs_on(w.stimulus)],
    output:
        scores=RESULTS / "stimuli/{stimulus}/phase_scores.csv",
    log:
        LOGS / "stimuli/{stimulus}/phase_scores.log",
    benchmark:
        BENCHMARKS / "stimuli/{stimulus}/phase_scores.jsonl"
    resources:
        mem_mb=grown(1600),
        runtime=grown(10),
    params:
        runs=lambda w: [
            run.columns("experiment", "condition", "label", "variant")
            for run in PLAN.phase_runs_on(w.stimulus)
        ],
        phases=CONFIG.phase_effect.phases,
        samples=CONFIG.phase_effect.samples,
        backend=CONFIG.backend,
        code=code("phase_scores"),
    message:
        "Networks tested at starting phases all round the cycle, on the stimuli of {PLAN:stimulus {wildcards.stimulus}}"
    script:
        "../scripts/phase_scores.py"


rule phase_tables:
    """Tables of accuracy by starting phase, and the scatter between sessions that it explains."""
    input:
        scores=PLAN.stimulus_files(PLAN.phase_runs, "phase_scores.csv"),
    output:
        effect=table("phase_effect"),
        curve=table("phase_curve"),
        variance=table("phase_variance"),
    log:
        LOGS / "tables/phase_effect.log",
    benchmark:
        BENCHMARKS / "tables/phase_effect.jsonl"
    localrule: True
    params:
        session_samples={run.path: run.parameters.training.test_samples for run in PLAN.phase_runs},
        code=code("phase_tables"),
    message:
        "Effect of the starting phase"
    script:
        "../scripts/phase_tables.py"

"""What the starting phase does to trained networks, if the config asks for it."""

if PHASE_RUNS:

    rule phase_test:
        """Test trained networks at starting phases all round the cycle, all those of a stimulus."""
        input:
            weights=lambda w: [
                run_folder(r) / RUN_FILES["weights"] for r in phase_runs_on(w.stimulus)
            ],
            metrics=lambda w: [
                run_folder(r) / RUN_FILES["metrics"] for r in phase_runs_on(w.stimulus)
            ],
        output:
            scores=RESULTS / "stimuli/{stimulus}/phase_effect.csv",
        log:
            LOGS / "stimuli/{stimulus}/phase_effect.log",
        benchmark:
            BENCHMARKS / "stimuli/{stimulus}/phase_effect.jsonl"
        resources:
            mem_mb=grown(1600),
            runtime=grown(10),
        params:
            about=lambda w: [
                {
                    name: about(run)[name]
                    for name in ("experiment", "condition", "label", "variant")
                }
                for run in phase_runs_on(w.stimulus)
            ],
            phases=CONFIG.phase_effect.phases,
            samples=CONFIG.phase_effect.samples,
            backend=CONFIG.backend,
            code=script_hash("phase_test.py"),
        message:
            "Networks at all starting phases, {wildcards.stimulus}"
        script:
            "../scripts/phase_test.py"

    rule phase_effect:
        """Accuracy by starting phase, and how much of the scatter between sessions it explains."""
        input:
            scores=[
                RESULTS / f"stimuli/{stimulus}/phase_effect.csv"
                for stimulus in dict.fromkeys(run.parameters.stimulus_name() for run in PHASE_RUNS)
            ],
        output:
            effect=table("phase_effect"),
            curve=table("phase_curve"),
            variance=table("phase_variance"),
        log:
            LOGS / "tables/phase_effect.log",
        benchmark:
            BENCHMARKS / "tables/phase_effect.jsonl"
        localrule: True
        resources:
            mem_mb=grown(500),
            runtime=grown(5),
        params:
            session_samples={run.path: run.parameters.training.test_samples for run in PHASE_RUNS},
            code=script_hash("phase_effect.py"),
        message:
            "Effect of the starting phase"
        script:
            "../scripts/phase_effect.py"

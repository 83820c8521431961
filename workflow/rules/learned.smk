"""What the trained networks have learned, if the config asks for it."""

if LEARNED_RUNS:

    rule examine:
        """Tuning, rates, weights and evidence of trained networks, all those of a stimulus."""
        input:
            weights=lambda w: learned_files(w.stimulus, "weights"),
            metrics=lambda w: learned_files(w.stimulus, "metrics"),
        output:
            units=RESULTS / "stimuli/{stimulus}/learned_units.csv",
            statistics=RESULTS / "stimuli/{stimulus}/learned_statistics.csv",
            evidence=RESULTS / "stimuli/{stimulus}/learned_evidence.csv",
            curves=RESULTS / "stimuli/{stimulus}/learned_curves.npz",
        log:
            LOGS / "stimuli/{stimulus}/examine.log",
        benchmark:
            BENCHMARKS / "stimuli/{stimulus}/examine.jsonl"
        resources:
            mem_mb=grown(1500),
            runtime=grown(15),
        params:
            about=lambda w: learned_names(w.stimulus),
            ipds=CONFIG.learned.ipds,
            trials=CONFIG.learned.trials,
            backend=CONFIG.backend,
            code=script_hash("examine.py"),
        message:
            "What networks have learned, {wildcards.stimulus}"
        script:
            "../scripts/examine.py"

    rule timing_test:
        """Test trained networks on spikes moved in time, all those of a stimulus."""
        input:
            weights=lambda w: learned_files(w.stimulus, "weights"),
            metrics=lambda w: learned_files(w.stimulus, "metrics"),
        output:
            timing=RESULTS / "stimuli/{stimulus}/timing.csv",
        log:
            LOGS / "stimuli/{stimulus}/timing.log",
        benchmark:
            BENCHMARKS / "stimuli/{stimulus}/timing.jsonl"
        resources:
            mem_mb=grown(1500),
            runtime=grown(15),
        params:
            about=lambda w: learned_names(w.stimulus),
            samples=CONFIG.learned.timing_samples,
            backend=CONFIG.backend,
            code=script_hash("timing_test.py"),
        message:
            "Networks on moved spikes, {wildcards.stimulus}"
        script:
            "../scripts/timing_test.py"

    rule learned:
        """Tables over seeds of what networks have learned."""
        input:
            units=on_learned_stimuli("learned_units.csv"),
            statistics=on_learned_stimuli("learned_statistics.csv"),
            evidence=on_learned_stimuli("learned_evidence.csv"),
            timing=on_learned_stimuli("timing.csv"),
            curves=on_learned_stimuli("learned_curves.npz"),
            confusion=[
                RESULTS / "runs" / name / "confusion.csv" for name in CONFIG.learned.experiments
            ],
        output:
            units=table("units"),
            tuning=table("tuning"),
            statistics=table("unit_statistics"),
            timing=table("timing"),
            evidence=table("evidence"),
            trough=table("evidence_trough"),
            ipd_errors=table("ipd_errors"),
            curves=RESULTS / "arrays/tuning.npz",
        log:
            LOGS / "tables/learned.log",
        benchmark:
            BENCHMARKS / "tables/learned.jsonl"
        resources:
            mem_mb=grown(1000),
            runtime=grown(10),
        params:
            paths=[run.path for run in LEARNED_RUNS],
            code=script_hash("learned.py"),
        message:
            "Tables of what networks have learned"
        script:
            "../scripts/learned.py"

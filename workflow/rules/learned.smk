"""What the trained networks have learned, if the config asks for it."""

if ANALYSED_RUNS:

    rule examine:
        """Tuning, rates, weights and evidence of trained networks, all those of a stimulus."""
        input:
            weights=lambda w: analysed_files(w.stimulus, "weights"),
            metrics=lambda w: analysed_files(w.stimulus, "metrics"),
        output:
            units=RESULTS / "stimuli/{stimulus}/units.csv",
            statistics=RESULTS / "stimuli/{stimulus}/statistics.csv",
            evidence=RESULTS / "stimuli/{stimulus}/evidence.csv",
            curves=RESULTS / "stimuli/{stimulus}/curves.npz",
        log:
            LOGS / "stimuli/{stimulus}/examine.log",
        benchmark:
            BENCHMARKS / "stimuli/{stimulus}/examine.jsonl"
        resources:
            mem_mb=grown(1500),
            runtime=grown(15),
        params:
            about=lambda w: analysed_names(w.stimulus),
            ipds=CONFIG.analysis.ipds,
            trials=CONFIG.analysis.trials,
            backend=CONFIG.backend,
            code=script_hash("examine.py"),
        message:
            "What networks have learned, {wildcards.stimulus}"
        script:
            "../scripts/examine.py"

    rule timing_test:
        """Test trained networks on spikes moved in time, all those of a stimulus."""
        input:
            weights=lambda w: analysed_files(w.stimulus, "weights"),
            metrics=lambda w: analysed_files(w.stimulus, "metrics"),
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
            about=lambda w: analysed_names(w.stimulus),
            samples=CONFIG.analysis.timing_samples,
            backend=CONFIG.backend,
            code=script_hash("timing_test.py"),
        message:
            "Networks on moved spikes, {wildcards.stimulus}"
        script:
            "../scripts/timing_test.py"

    rule learned:
        """Tables over seeds of what networks have learned."""
        input:
            units=on_analysed_stimuli("units.csv"),
            statistics=on_analysed_stimuli("statistics.csv"),
            evidence=on_analysed_stimuli("evidence.csv"),
            timing=on_analysed_stimuli("timing.csv"),
            curves=on_analysed_stimuli("curves.npz"),
            confusion=[
                RESULTS / "runs" / name / "confusion.csv" for name in CONFIG.analysis.experiments
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
            paths=[run.path for run in ANALYSED_RUNS],
            code=script_hash("learned.py"),
        message:
            "Tables of what networks have learned"
        script:
            "../scripts/learned.py"

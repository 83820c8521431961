"""Analysis of trained networks, if the config has the key `analysis`."""


rule unit_analysis:
    """Tuning, rates, weights and evidence of all analysed networks of a stimulus."""
    input:
        weights=lambda w: PLAN.analysed_files(w.stimulus, "weights"),
        metrics=lambda w: PLAN.analysed_files(w.stimulus, "metrics"),
    output:
        units=RESULTS / "stimuli/{stimulus}/units.csv",
        binaural=RESULTS / "stimuli/{stimulus}/binaural.csv",
        statistics=RESULTS / "stimuli/{stimulus}/unit_statistics.csv",
        evidence=RESULTS / "stimuli/{stimulus}/evidence.csv",
        curves=RESULTS / "stimuli/{stimulus}/tuning_curves.npz",
    log:
        LOGS / "stimuli/{stimulus}/unit_analysis.log",
    benchmark:
        BENCHMARKS / "stimuli/{stimulus}/unit_analysis.jsonl"
    resources:
        mem_mb=grown(1500),
        runtime=grown(15),
    params:
        runs=lambda w: PLAN.analysed_columns(w.stimulus),
        ipds=CONFIG.analysis.ipds,
        trials=CONFIG.analysis.trials,
        backend=CONFIG.backend,
        code=code("unit_analysis"),
    message:
        "Tuning and evidence of analysed networks on the stimuli of {PLAN:stimulus {wildcards.stimulus}}"
    script:
        "../scripts/unit_analysis.py"


rule timing:
    """Test all analysed networks of a stimulus with the counts of their hidden spikes alone."""
    input:
        weights=lambda w: PLAN.analysed_files(w.stimulus, "weights"),
        metrics=lambda w: PLAN.analysed_files(w.stimulus, "metrics"),
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
        runs=lambda w: PLAN.analysed_columns(w.stimulus),
        samples=CONFIG.analysis.timing_samples,
        backend=CONFIG.backend,
        code=code("timing"),
    message:
        "Analysed networks and the counts of their hidden spikes, on the stimuli of {PLAN:stimulus {wildcards.stimulus}}"
    script:
        "../scripts/timing.py"


rule analysis_tables:
    """Tables of the analysis, summarised over seeds."""
    input:
        units=PLAN.stimulus_files(PLAN.analysed_runs, "units.csv"),
        binaural=PLAN.stimulus_files(PLAN.analysed_runs, "binaural.csv"),
        statistics=PLAN.stimulus_files(PLAN.analysed_runs, "unit_statistics.csv"),
        evidence=PLAN.stimulus_files(PLAN.analysed_runs, "evidence.csv"),
        timing=PLAN.stimulus_files(PLAN.analysed_runs, "timing.csv"),
        curves=PLAN.stimulus_files(PLAN.analysed_runs, "tuning_curves.npz"),
        confusion=[PLAN.experiment_file(name, "confusion") for name in CONFIG.analysis.experiments],
    output:
        units=table("units"),
        tuning=table("tuning"),
        binaural=table("binaural"),
        statistics=table("unit_statistics"),
        timing=table("timing"),
        evidence=table("evidence"),
        trough=table("evidence_trough"),
        ipd_errors=table("ipd_errors"),
        curves=ARRAYS / "tuning.npz",
    log:
        LOGS / "tables/analysis.log",
    benchmark:
        BENCHMARKS / "tables/analysis.jsonl"
    resources:
        mem_mb=grown(1000),
        runtime=grown(10),
    params:
        paths=[run.path for run in PLAN.analysed_runs],
        code=code("analysis_tables"),
    message:
        "Tables of the analysed networks"
    script:
        "../scripts/analysis_tables.py"

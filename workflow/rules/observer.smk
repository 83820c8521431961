"""The ideal observer of each stimulus, and its comparison with the networks."""


rule ideal_observer:
    """Scores of the ideal observer of one stimulus, with known and unknown starting phase."""
    output:
        observed=RESULTS / "ideal_observer/{observed}.csv",
    log:
        LOGS / "ideal_observer/{observed}.log",
    benchmark:
        BENCHMARKS / "ideal_observer/{observed}.jsonl"
    resources:
        mem_mb=grown(2000),
        runtime=grown(10),
    params:
        observed=lambda wildcards: PLAN.observed[wildcards.observed],
        settings=CONFIG.ideal_observer.model_dump(),
        backend=CONFIG.backend,
        code=code("ideal_observer"),
    message:
        "Ideal observer of the stimuli of {PLAN:observed {wildcards.observed}}"
    script:
        "../scripts/ideal_observer.py"


rule ceiling:
    """The observer of each run of an experiment, and the share of its score that networks reach."""
    input:
        observed=lambda w: [PLAN.observer_file(run) for run in PLAN.runs_of(w.experiment)],
        runs=rules.experiment_tables.output.runs,
    output:
        ceiling=RESULTS / "runs/{experiment}/ceiling.csv",
        efficiency=RESULTS / "runs/{experiment}/efficiency.csv",
    log:
        LOGS / "experiments/{experiment}/ceiling.log",
    benchmark:
        BENCHMARKS / "experiments/{experiment}/ceiling.jsonl"
    localrule: True
    params:
        runs=lambda w: [run.columns() for run in PLAN.runs_of(w.experiment)],
        phase_known=lambda w: [run.phase_is_known for run in PLAN.runs_of(w.experiment)],
        code=code("ceiling"),
    message:
        "Ideal observer beside {wildcards.experiment}"
    script:
        "../scripts/ceiling.py"


rule observer_tables:
    """Tables of the observers of all stimuli and of the shares of all experiments."""
    input:
        ideal_observer=[RESULTS / f"ideal_observer/{name}.csv" for name in PLAN.observed],
        efficiency=[PLAN.experiment_file(name, "efficiency") for name in CONFIG.experiments],
    output:
        ideal_observer=table("ideal_observer"),
        efficiency=table("efficiency"),
    log:
        LOGS / "tables/observer.log",
    benchmark:
        BENCHMARKS / "tables/observer.jsonl"
    localrule: True
    params:
        code=code("tables"),
    message:
        "Tables of the ideal observer"
    script:
        "../scripts/tables.py"

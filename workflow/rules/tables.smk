"""Tables of each experiment, which do not depend on other experiments, and of all together."""


rule experiment_tables:
    """Runs, summary, comparisons, losses and confusion matrices of one experiment."""
    input:
        metrics=lambda w: [PLAN.run_file(run, "metrics") for run in PLAN.runs_of(w.experiment)],
        history=lambda w: [PLAN.run_file(run, "history") for run in PLAN.runs_of(w.experiment)],
        confusion=lambda w: [PLAN.run_file(run, "confusion") for run in PLAN.runs_of(w.experiment)],
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
    params:
        runs=lambda w: [run.columns() for run in PLAN.runs_of(w.experiment)],
        reference=lambda w: PLAN.reference_of(w.experiment),
        code=code("experiment_tables"),
    message:
        "Tables of {wildcards.experiment}"
    script:
        "../scripts/experiment_tables.py"


rule tables:
    """Join the tables of all experiments."""
    input:
        runs=[PLAN.experiment_file(name, "runs") for name in CONFIG.experiments],
        summary=[PLAN.experiment_file(name, "summary") for name in CONFIG.experiments],
        comparisons=[PLAN.experiment_file(name, "comparisons") for name in CONFIG.experiments],
    output:
        runs=table("runs"),
        summary=table("summary"),
        comparisons=table("comparisons"),
    log:
        LOGS / "tables/all.log",
    benchmark:
        BENCHMARKS / "tables/all.jsonl"
    localrule: True
    params:
        code=code("tables"),
    message:
        "Tables of all experiments"
    script:
        "../scripts/tables.py"


rule printed:
    """Tables of the values that were printed elsewhere for the protocols of experiments."""
    input:
        printed=[CONFIG.experiments[name].printed for name in PLAN.reproduced],
    output:
        printed=table("printed"),
        losses=table("printed_losses"),
    log:
        LOGS / "tables/printed.log",
    benchmark:
        BENCHMARKS / "tables/printed.jsonl"
    localrule: True
    params:
        experiments={name: PLAN.repeated(name) for name in PLAN.reproduced},
        code=code("printed"),
    message:
        "Printed values"
    script:
        "../scripts/printed.py"


rule resolved_config:
    """Write the config with all defaults filled in, and the parameters of each run."""
    output:
        config=RESULTS / "config.yaml",
    log:
        LOGS / "tables/config.log",
    benchmark:
        BENCHMARKS / "tables/config.jsonl"
    localrule: True
    params:
        config=CONFIG.model_dump(exclude_none=True),
        runs={run.path: {"recipe": run.recipe} | run.parameters.model_dump() for run in PLAN.runs},
        code=code("resolved_config"),
    message:
        "Resolved config"
    script:
        "../scripts/resolved_config.py"

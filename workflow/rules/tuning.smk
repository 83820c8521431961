"""The learning rates that were tried, if an experiment chooses its own."""


rule learning_rates:
    """The learning rates that were tried for every run that chose one."""
    input:
        rates=[PLAN.run_file(run, "rates") for run in PLAN.tuned_runs],
    output:
        learning_rates=table("learning_rates"),
    log:
        LOGS / "tables/learning_rates.log",
    benchmark:
        BENCHMARKS / "tables/learning_rates.jsonl"
    localrule: True
    params:
        runs=[run.columns() for run in PLAN.tuned_runs],
        code=code("learning_rates"),
    message:
        "Learning rates that were tried"
    script:
        "../scripts/learning_rates.py"

"""The learning rates that were tried, if an experiment has the key `tune`."""


rule learning_rates:
    """Table of the learning rates that were tried for each run."""
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

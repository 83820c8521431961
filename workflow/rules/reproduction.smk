"""Comparison of printed values with our runs, if an experiment has printed values."""


rule reproduction:
    """Compare each printed value with the prediction interval of our runs of its protocol."""
    input:
        printed=rules.printed.output.printed,
        runs=[PLAN.experiment_file(name, "runs") for name in PLAN.reproduced],
        history=[PLAN.experiment_file(name, "history") for name in PLAN.reproduced],
    output:
        reproduction=table("reproduction"),
        summary=table("reproduction_summary"),
    log:
        LOGS / "tables/reproduction.log",
    benchmark:
        BENCHMARKS / "tables/reproduction.jsonl"
    localrule: True
    params:
        nesting={
            name: {variant: each.model_dump() for variant, each in PLAN.nesting_of(name).items()}
            for name in PLAN.reproduced
        },
        code=code("reproduction"),
    message:
        "Reproduction of printed values"
    script:
        "../scripts/reproduction.py"

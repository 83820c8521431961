"""Printed values beside our own, if an experiment has some."""


rule reproduction:
    """Every printed value beside our published runs, with the prediction interval they give."""
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
        nesting={name: PLAN.published_nesting(name).model_dump() for name in PLAN.reproduced},
        code=code("reproduction"),
    message:
        "Reproduction of printed values"
    script:
        "../scripts/reproduction.py"

"""Accuracy against the number of epochs, if variants of an experiment differ in it alone."""


rule convergence:
    """Accuracy of each budget of epochs, and its gain over the next smaller one."""
    input:
        runs=rules.experiment_tables.output.runs,
    output:
        convergence=RESULTS / "runs/{experiment}/convergence.csv",
    log:
        LOGS / "experiments/{experiment}/convergence.log",
    benchmark:
        BENCHMARKS / "experiments/{experiment}/convergence.jsonl"
    localrule: True
    params:
        budgets=lambda w: PLAN.budgets[w.experiment],
        code=code("convergence"),
    message:
        "Convergence of {wildcards.experiment}"
    script:
        "../scripts/convergence.py"


rule convergence_table:
    """Join the tables of all experiments with several budgets."""
    input:
        convergence=[PLAN.experiment_file(name, "convergence") for name in PLAN.budgets],
    output:
        convergence=table("convergence"),
    log:
        LOGS / "tables/convergence.log",
    benchmark:
        BENCHMARKS / "tables/convergence.jsonl"
    localrule: True
    params:
        code=code("tables"),
    message:
        "Table of convergence"
    script:
        "../scripts/tables.py"

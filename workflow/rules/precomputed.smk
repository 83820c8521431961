"""Experiments whose tables are kept among the sources, if the config names such folders."""


rule precomputed:
    """Check the kept tables, and put them beside those of the config's own experiments."""
    input:
        tables=[path for tables in PLAN.precomputed.values() for path in tables.values()],
        origins=[f"{folder}/origin.json" for folder in CONFIG.precomputed],
    output:
        [
            PLAN.experiment_file(experiment, name)
            for experiment, tables in PLAN.precomputed.items()
            for name in tables
        ],
    log:
        LOGS / "tables/precomputed.log",
    benchmark:
        BENCHMARKS / "tables/precomputed.jsonl"
    localrule: True
    params:
        folders=CONFIG.precomputed,
        code=code("precomputed"),
    message:
        "Precomputed tables"
    script:
        "../scripts/precomputed.py"

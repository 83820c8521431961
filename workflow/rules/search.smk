"""The search for good settings, if the config asks for one: nothing else depends on what it finds.

The best ones are named conditions of an experiment, which the config spells out.
"""


rule search:
    """Successive halving of settings drawn at random, for one recipe."""
    output:
        search=RESULTS / "search/{recipe}.csv",
    log:
        LOGS / "search/{recipe}.log",
    benchmark:
        BENCHMARKS / "search/{recipe}.jsonl"
    wildcard_constraints:
        recipe=any_of(PLAN.search_runs),
    resources:
        mem_mb=grown(2000),
        runtime=grown(60),
    params:
        search=CONFIG.search.model_dump(),
        runs=lambda wildcards: [run.model_dump() for run in PLAN.search_runs[wildcards.recipe]],
        backend=CONFIG.backend,
        code=code("search"),
    message:
        "Search for settings of {wildcards.recipe}"
    script:
        "../scripts/search.py"


rule search_table:
    """All that was tried."""
    input:
        search=[RESULTS / f"search/{recipe}.csv" for recipe in PLAN.search_runs],
    output:
        search=table("search"),
    log:
        LOGS / "tables/search.log",
    benchmark:
        BENCHMARKS / "tables/search.jsonl"
    localrule: True
    params:
        code=code("tables"),
    message:
        "Table of the search"
    script:
        "../scripts/tables.py"

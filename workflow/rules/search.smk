"""The search for good settings, if the config has the key `search`.

No other rule uses its results: the best settings are written into the config as conditions.
"""


rule search:
    """Search one recipe by successive halving of settings that are drawn at random."""
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
    """Table of all settings that were tried."""
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

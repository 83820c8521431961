"""The choice of learning rates, if an experiment has the key `tune`."""


rule rate_search:
    """Train networks of separate seeds at each learning rate, and choose one."""
    input:
        manifest=lambda w: PLAN.manifest(PLAN.searches[w.searched].tried[0]),
    output:
        rates=PLAN.networks / "{searched}" / RUN_FILES["rates"],
    log:
        SHARED / "logs/networks/{searched}.log",
    benchmark:
        SHARED / "benchmarks/networks/{searched}.jsonl"
    wildcard_constraints:
        searched=any_of(PLAN.searches),
    resources:
        mem_mb=grown(5000),
        runtime=grown(60),
        gpu=int(CONFIG.device == "cuda"),
    params:
        run=lambda w: PLAN.searches[w.searched].parameters.model_dump(),
        device=CONFIG.device,
        backend=CONFIG.backend,
        code=code("rate_search"),
    message:
        "{PLAN:search {wildcards.searched}}"
    script:
        "../scripts/rate_search.py"


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

"""Training: one job trains and evaluates at most ten seeds of one condition and variant."""


rule networks:
    """Train an ensemble of networks and evaluate the weights that were kept."""
    input:
        manifest=lambda w: PLAN.manifest(PLAN.blocks[w.network]),
        rates=lambda w: PLAN.rate_files(PLAN.blocks[w.network].parameters),
    output:
        **{key: PLAN.networks / "{network}" / name for key, name in RUN_FILES.items()},
    log:
        SHARED / "logs/networks/{network}.log",
    benchmark:
        SHARED / "benchmarks/networks/{network}.jsonl"
    resources:
        mem_mb=grown(5000),
        runtime=grown(60),
        gpu=int(CONFIG.device == "cuda"),
    params:
        run=lambda w: PLAN.blocks[w.network].parameters.model_dump(),
        seeds=lambda w: list(PLAN.blocks[w.network].seeds),
        device=CONFIG.device,
        backend=CONFIG.backend,
        code=code("networks"),
    message:
        "{PLAN:network {wildcards.network}}"
    script:
        "../scripts/networks.py"


rule run:
    """Join the files of blocks of seeds in the folder of a run: experiment, condition, variant."""
    input:
        unpack(lambda w: PLAN.block_files(w.run)),
    output:
        **{key: RESULTS / "runs/{run}" / name for key, name in RUN_FILES.items()},
    log:
        LOGS / "runs/{run}.log",
    benchmark:
        BENCHMARKS / "runs/{run}.jsonl"
    localrule: True
    params:
        code=code("run"),
    message:
        "Files of {wildcards.run}"
    script:
        "../scripts/run.py"

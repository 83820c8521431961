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
        unpack(lambda w: PLAN.block_files(f"{w.experiment}/{w.condition}/{w.variant}")),
    output:
        **{
            key: RESULTS / "runs/{experiment}/{condition}/{variant}" / name
            for key, name in RUN_FILES.items()
        },
    log:
        LOGS / "runs/{experiment}/{condition}/{variant}.log",
    benchmark:
        BENCHMARKS / "runs/{experiment}/{condition}/{variant}.jsonl"
    localrule: True
    params:
        code=code("run"),
    message:
        "Files of {wildcards.experiment}/{wildcards.condition}/{wildcards.variant}"
    script:
        "../scripts/run.py"

"""Networks: a job trains and evaluates all seeds of one condition and variant."""


rule train:
    """Train a stack of networks and evaluate what was kept of each."""
    input:
        manifests=lambda wildcards: manifests(STACKS[wildcards.network]),
    output:
        **{key: RESULTS / "networks/{network}" / name for key, name in RUN_FILES.items()},
    log:
        LOGS / "networks/{network}.log",
    benchmark:
        BENCHMARKS / "networks/{network}.jsonl"
    resources:
        mem_mb=grown(5000),
        runtime=grown(60),
        gpu=int(CONFIG.device == "cuda"),
    params:
        run=lambda wildcards: STACKS[wildcards.network].model_dump(),
        seeds=CONFIG.seeds,
        device=CONFIG.device,
        backend=CONFIG.backend,
        networks=lambda wildcards: network_count(STACKS[wildcards.network]),
        what=lambda wildcards: STACKS[wildcards.network].describe(),
        code=script_hash("train.py"),
    message:
        "Train {params.networks} networks: {params.what}"
    script:
        "../scripts/train.py"


rule place_run:
    """Put a stack where people look for it: experiment, condition, variant."""
    input:
        unpack(trained_files),
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
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        code=script_hash("place_run.py"),
    message:
        "Place {wildcards.experiment}/{wildcards.condition}/{wildcards.variant}"
    script:
        "../scripts/place_run.py"

"""Training: one job trains and evaluates all seeds of one condition and variant."""


rule networks:
    """Train an ensemble of networks and evaluate the weights that were kept."""
    input:
        manifests=lambda w: PLAN.manifests(PLAN.ensembles[w.network]),
        searched=lambda w: PLAN.searched_manifests(PLAN.ensembles[w.network]),
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
        run=lambda w: PLAN.ensembles[w.network].parameters.model_dump(),
        seeds=lambda w: list(PLAN.ensembles[w.network].seeds),
        device=CONFIG.device,
        backend=CONFIG.backend,
        code=code("networks"),
    message:
        "{PLAN:network {wildcards.network}}"
    script:
        "../scripts/networks.py"


rule run:
    """Copy the files of an ensemble to the folder of a run: experiment, condition, variant."""
    input:
        unpack(lambda w: PLAN.network_files(f"{w.experiment}/{w.condition}/{w.variant}")),
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

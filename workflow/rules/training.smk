"""Networks: a job trains and evaluates all seeds of one condition and variant."""


rule train:
    """Train an ensemble of networks and evaluate what was kept of each."""
    input:
        manifests=lambda wildcards: manifests(ENSEMBLES[wildcards.network]),
        searched=lambda wildcards: searched_manifests(ENSEMBLES[wildcards.network]),
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
        run=lambda wildcards: ENSEMBLES[wildcards.network].parameters.model_dump(),
        seeds=lambda wildcards: list(ENSEMBLES[wildcards.network].seeds),
        device=CONFIG.device,
        backend=CONFIG.backend,
        networks=lambda wildcards: ENSEMBLES[wildcards.network].networks,
        what=lambda wildcards: ENSEMBLES[wildcards.network].parameters.describe(),
        code=script_hash("train.py"),
    message:
        "Train {params.networks} networks: {params.what}"
    script:
        "../scripts/train.py"


rule place_run:
    """Put an ensemble where people look for it: experiment, condition, variant."""
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


if TUNED_RUNS:

    rule learning_rates:
        """The learning rates that were tried for every run that searched for one."""
        input:
            rates=[run_folder(run) / RUN_FILES["rates"] for run in TUNED_RUNS],
        output:
            learning_rates=table("learning_rates"),
        log:
            LOGS / "tables/learning_rates.log",
        benchmark:
            BENCHMARKS / "tables/learning_rates.jsonl"
        localrule: True
        resources:
            mem_mb=500,
            runtime=5,
        params:
            about=[about(run) for run in TUNED_RUNS],
            code=script_hash("learning_rates.py"),
        message:
            "Learning rates that were tried"
        script:
            "../scripts/learning_rates.py"

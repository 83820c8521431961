"""Stimuli: one manifest with checksums for each stimulus and seed."""


rule manifest:
    """Make the data sets of one stimulus and seed once, and record their checksums."""
    output:
        manifest=SHARED / "stimuli/{stimulus}/seed-{seed}.json",
    log:
        SHARED / "logs/stimuli/{stimulus}/seed-{seed}.log",
    benchmark:
        SHARED / "benchmarks/stimuli/{stimulus}/seed-{seed}.jsonl"
    localrule: True
    params:
        stimulus=lambda wildcards: PLAN.stimuli[wildcards.stimulus].stimulus.model_dump(),
        sizes=lambda wildcards: PLAN.stimuli[wildcards.stimulus].data_sizes(),
        backend=CONFIG.backend,
        code=code("manifest"),
    message:
        "Stimuli, seed {wildcards.seed}, for {PLAN:stimulus {wildcards.stimulus}}"
    script:
        "../scripts/manifest.py"


rule spikes:
    """Write the spikes for other tools: bits, IPDs and phases of each data set."""
    input:
        manifest=rules.manifest.output.manifest,
    output:
        spikes=SHARED / "stimuli/{stimulus}/seed-{seed}.npz",
    log:
        SHARED / "logs/stimuli/{stimulus}/seed-{seed}-spikes.log",
    benchmark:
        SHARED / "benchmarks/stimuli/{stimulus}/seed-{seed}-spikes.jsonl"
    resources:
        mem_mb=grown(1000),
        runtime=grown(10),
    params:
        stimulus=rules.manifest.params.stimulus,
        sizes=rules.manifest.params.sizes,
        backend=CONFIG.backend,
        code=code("spikes"),
    message:
        "Spikes, seed {wildcards.seed}, of {PLAN:stimulus {wildcards.stimulus}}"
    script:
        "../scripts/spikes.py"

"""Stimuli: a manifest with checksums for each stimulus and block of seeds."""


rule manifest:
    """Make the data sets of one stimulus and a block of seeds once, and record their checksums."""
    output:
        manifest=SHARED / "stimuli/{presented}.json",
    log:
        SHARED / "logs/stimuli/{presented}.log",
    benchmark:
        SHARED / "benchmarks/stimuli/{presented}.jsonl"
    localrule: True
    params:
        stimulus=lambda w: PLAN.presented[w.presented].parameters.stimulus.model_dump(),
        sizes=lambda w: PLAN.presented[w.presented].parameters.data_sizes(),
        seeds=lambda w: list(PLAN.presented[w.presented].seeds),
        backend=CONFIG.backend,
        code=code("manifest"),
    message:
        "Stimuli for {PLAN:presented {wildcards.presented}}"
    script:
        "../scripts/manifest.py"


rule spikes:
    """Write the spikes for other tools: bits, IPDs and phases of each data set."""
    input:
        manifest=lambda w: PLAN.manifest_with(w.stimulus, int(w.seed)),
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
        stimulus=lambda w: PLAN.stimuli[w.stimulus].stimulus.model_dump(),
        sizes=lambda w: PLAN.stimuli[w.stimulus].data_sizes(),
        backend=CONFIG.backend,
        code=code("spikes"),
    message:
        "Spikes, seed {wildcards.seed}, of {PLAN:stimulus {wildcards.stimulus}}"
    script:
        "../scripts/spikes.py"

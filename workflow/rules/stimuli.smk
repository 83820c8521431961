"""Stimuli: a manifest with checksums for each stimulus and block of seeds."""


rule manifest:
    """Make the data sets of one stimulus and a block of seeds once, and record their checksums."""
    output:
        manifest=SHARED / "stimuli/{stimulus}/{seeds}.json",
    log:
        SHARED / "logs/stimuli/{stimulus}/{seeds}.log",
    benchmark:
        SHARED / "benchmarks/stimuli/{stimulus}/{seeds}.jsonl"
    wildcard_constraints:
        seeds=any_of({path.stem: None for path in PLAN.presented}),
    localrule: True
    params:
        stimulus=lambda wildcards: PLAN.stimuli[wildcards.stimulus].stimulus.model_dump(),
        sizes=lambda wildcards: PLAN.stimuli[wildcards.stimulus].data_sizes(),
        seeds=lambda wildcards, output: list(
            PLAN.presented[Path(output.manifest).relative_to(SHARED)].seeds
        ),
        backend=CONFIG.backend,
        code=code("manifest"),
    message:
        "Stimuli, {wildcards.seeds}, for {PLAN:stimulus {wildcards.stimulus}}"
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
        stimulus=rules.manifest.params.stimulus,
        sizes=rules.manifest.params.sizes,
        backend=CONFIG.backend,
        code=code("spikes"),
    message:
        "Spikes, seed {wildcards.seed}, of {PLAN:stimulus {wildcards.stimulus}}"
    script:
        "../scripts/spikes.py"

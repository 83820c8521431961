"""Stimuli: recipes with a checksum, one manifest per stimulus and seed."""


rule manifest:
    """Make the data sets of one stimulus and seed once, and record what they are."""
    output:
        manifest=RESULTS / "stimuli/{stimulus}/seed-{seed}.json",
    log:
        LOGS / "stimuli/{stimulus}/seed-{seed}.log",
    benchmark:
        BENCHMARKS / "stimuli/{stimulus}/seed-{seed}.jsonl"
    localrule: True
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        stimulus=lambda wildcards: STIMULI[wildcards.stimulus].stimulus.model_dump(),
        sizes=lambda wildcards: STIMULI[wildcards.stimulus].data_sizes(),
        backend=CONFIG.backend,
        code=script_hash("manifest.py"),
    message:
        "Stimuli {wildcards.stimulus}, seed {wildcards.seed}"
    script:
        "../scripts/manifest.py"


rule export_spikes:
    """The spikes themselves for other tools: bits, IPDs and phases of every data set."""
    input:
        manifest=rules.manifest.output.manifest,
    output:
        spikes=RESULTS / "stimuli/{stimulus}/seed-{seed}.npz",
    log:
        LOGS / "stimuli/{stimulus}/seed-{seed}-export.log",
    benchmark:
        BENCHMARKS / "stimuli/{stimulus}/seed-{seed}-export.jsonl"
    resources:
        mem_mb=grown(1000),
        runtime=grown(10),
    params:
        stimulus=rules.manifest.params.stimulus,
        sizes=rules.manifest.params.sizes,
        backend=CONFIG.backend,
        code=script_hash("export_spikes.py"),
    message:
        "Spikes of {wildcards.stimulus}, seed {wildcards.seed}, as npz"
    script:
        "../scripts/export_spikes.py"

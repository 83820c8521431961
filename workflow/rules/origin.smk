"""What the results are a function of: the paper's last page names it."""

from spikeloc.release.origin import config_hash, origin


rule origin:
    """Config hash, commit and versions: the same wherever and whenever it is run."""
    output:
        origin=RESULTS / "origin.json",
    log:
        LOGS / "origin.log",
    benchmark:
        BENCHMARKS / "origin.jsonl"
    localrule: True
    resources:
        mem_mb=200,
        runtime=5,
    params:
        origin=origin(CONFIG, Path.cwd(), read_yaml("CITATION.cff")["version"]),
        code=script_hash("origin.py"),
    message:
        "Origin of the results"
    script:
        "../scripts/origin.py"

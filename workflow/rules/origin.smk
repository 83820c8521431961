"""What the results are a function of: the last page of a document names it."""

from spikeloc.release.origin import origin


rule origin:
    """What the results are a function of: config, commit and versions."""
    output:
        origin=RESULTS / "origin.json",
    log:
        LOGS / "origin.log",
    benchmark:
        BENCHMARKS / "origin.jsonl"
    localrule: True
    params:
        origin=origin(CONFIG, Path.cwd(), read_yaml("CITATION.cff")["version"]),
        code=code("origin"),
    message:
        "Origin of the results"
    script:
        "../scripts/origin.py"

"""The origin of the results, which is printed on the last page of a document."""

from spikeloc.release.origin import origin


rule origin:
    """What determines the results: config, sources and versions."""
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

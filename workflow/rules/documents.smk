"""Decide claims, format numbers and typeset documents, if the config names documents."""


rule claims:
    """Check the claims of the notebooks and of the texts against the tables."""
    input:
        claims=[document.claims for document in CONFIG.documents],
        tables=[path for paths in PLAN.cited_tables().values() for path in paths],
    output:
        claims=table("claims"),
    log:
        LOGS / "tables/claims.log",
    benchmark:
        BENCHMARKS / "tables/claims.jsonl"
    localrule: True
    params:
        names=[name for name, paths in PLAN.cited_tables().items() for _ in paths],
        code=code("claims"),
    message:
        "Claims"
    script:
        "../scripts/claims.py"


rule numbers:
    """Format all numbers that a text may look up."""
    input:
        **PLAN.cited_tables(),
        printed=[rules.printed.output.printed],
        claims=[rules.claims.output.claims],
    output:
        numbers=TABLES / "numbers.json",
    log:
        LOGS / "tables/numbers.log",
    benchmark:
        BENCHMARKS / "tables/numbers.jsonl"
    localrule: True
    params:
        trained_from=PLAN.trained_from(),
        counted=PLAN.counted(),
        stimulus=CONFIG.stimulus.model_dump(exclude={"phase"}),
        classes=CONFIG.network.classes,
        code=code("numbers"),
    message:
        "Numbers for the text"
    script:
        "../scripts/numbers.py"


rule document:
    """Typeset a document from its source, the panels and the numbers."""
    input:
        source=lambda wildcards: PLAN.documents()[wildcards.document].source,
        claims=lambda wildcards: PLAN.documents()[wildcards.document].claims,
        parts=sorted(map(str, Path("paper").glob("**/*.typ"))),
        references="paper/references.bib",
        sources=["resources/printed/sources.yaml", "resources/printed/collaboration/dips.csv"],
        citation="CITATION.cff",
        panels=[PLAN.figures / f"{panel}.svg" for panel in PANELS],
        numbers=rules.numbers.output.numbers,
        config=rules.resolved_config.output.config,
        origin=rules.origin.output.origin,
    output:
        pdf="paper/{document}.pdf",
    log:
        LOGS / "documents/{document}.log",
    benchmark:
        BENCHMARKS / "documents/{document}.jsonl"
    wildcard_constraints:
        document=any_of(PLAN.documents()),
    localrule: True
    params:
        date=str(read_yaml("CITATION.cff")["date-released"]),
        figures=PLAN.figures,
        code=code("document"),
    message:
        "{output.pdf}"
    script:
        "../scripts/document.py"

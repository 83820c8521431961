"""The paper: typst reads the figures and tables; a number that is missing stops the build."""


rule paper:
    """Compile the paper from its source, the panels and the numbers."""
    input:
        source=DOCUMENT.source,
        parts=sorted(map(str, Path("paper").glob("**/*.typ"))),
        references="paper/references.bib",
        panels=[FIGURES / f"{panel}.svg" for panel in PANELS],
        numbers=rules.numbers.output.numbers,
        config=rules.resolved_config.output.config,
        origin=rules.origin.output.origin,
    output:
        pdf=f"paper/{CONFIG.name}.pdf",
    log:
        LOGS / "paper.log",
    benchmark:
        BENCHMARKS / "paper.jsonl"
    localrule: True
    resources:
        mem_mb=grown(500),
        runtime=grown(5),
    params:
        date=str(read_yaml("CITATION.cff")["date-released"]),
        code=script_hash("paper.py"),
    message:
        "Paper"
    script:
        "../scripts/paper.py"


rule drawn:
    """Every panel and the paper."""
    input:
        panels=[panel_files(panel) for panel in PANELS],
        paper=paper_files(),

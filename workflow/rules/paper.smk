"""The paper: typst reads the figures and tables; a number that is missing stops the build."""


rule paper:
    """Compile the paper from its source, the panels and the numbers."""
    input:
        source="paper/paper.typ",
        parts=["paper/template.typ", "paper/numbers.typ", "paper/references.bib"],
        sections=sorted(map(str, Path("paper/sections").glob("*.typ"))),
        panels=[FIGURES / f"{panel}.svg" for panel in PANELS],
        numbers=rules.numbers.output.numbers,
        config=rules.resolved_config.output.config,
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

"""Typeset a document."""

from pathlib import Path

from spikeloc.io.job import running
from spikeloc.paper.typesetting import compile_paper

inputs = snakemake.input
made = [*inputs.panels, inputs.numbers, inputs.config, inputs.origin]

with running(snakemake, made):
    paths = {
        "results": Path(snakemake.input.config).parent.as_posix(),
        "figures": Path(snakemake.params.figures).as_posix(),
        "config": snakemake.input.config,
        "claims": snakemake.input.claims,
    }
    texts = {"document": snakemake.wildcards.document, "date": snakemake.params.date}
    compile_paper(
        Path(snakemake.input.source),
        Path(snakemake.output.pdf),
        Path.cwd(),  # the root of absolute paths in typst
        {name: f"/{path}" for name, path in paths.items()} | texts,
    )

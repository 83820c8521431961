"""Compile the paper."""

from pathlib import Path

from spikeloc.io.checksums import checked_files
from spikeloc.io.job import job_log
from spikeloc.paper.typesetting import compile_paper

inputs = snakemake.input
made = [*inputs.panels, inputs.numbers, inputs.config, inputs.origin]

with job_log(snakemake.log[0]), checked_files(made, snakemake.output):
    folders = {
        "results": Path(snakemake.input.config).parent.as_posix(),
        "figures": Path(snakemake.input.panels[0]).parent.as_posix(),
        "config": snakemake.input.config,
    }
    compile_paper(
        Path(snakemake.input.source),
        Path(snakemake.output.pdf),
        Path.cwd(),  # to typst, the root that absolute paths start from
        {name: f"/{path}" for name, path in folders.items()} | {"date": snakemake.params.date},
    )

"""Compile the paper."""

from pathlib import Path

from spikeloc.joblog import job_log
from spikeloc.paper import compile_paper

with job_log(snakemake.log[0]):
    compile_paper(
        Path(snakemake.input.source),
        Path(snakemake.output.pdf),
        Path.cwd(),
        snakemake.params.inputs,
    )

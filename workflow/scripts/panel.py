"""Draw one panel."""

from spikeloc.io.checksums import checked_files
from spikeloc.io.job import job_log
from spikeloc.plots.inputs import read_inputs
from spikeloc.plots.render import render

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    inputs = read_inputs(dict(snakemake.input.items())) | dict(snakemake.params.settings)
    render(snakemake.params.drawn_by, inputs, dict(snakemake.output.items()))

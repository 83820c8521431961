"""Draw one panel."""

from spikeloc.joblog import job_log
from spikeloc.plots.inputs import read_inputs
from spikeloc.plots.render import render
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    inputs = read_inputs(dict(snakemake.input.items())) | dict(snakemake.params.settings)
    render(snakemake.params.drawn_by, inputs, dict(snakemake.output.items()))

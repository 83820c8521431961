"""Draw one panel."""

from spikeloc.joblog import job_log
from spikeloc.plots.inputs import read_inputs
from spikeloc.plots.render import render

with job_log(snakemake.log[0]):
    files = {name: snakemake.input[name] for name in snakemake.input.keys()}
    inputs = read_inputs(files, snakemake.params.labels) | dict(snakemake.params.settings)
    render(snakemake.params.module, inputs, dict(snakemake.output.items()))

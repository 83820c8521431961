"""Draw one panel."""

import json

from spikeloc.io.job import running
from spikeloc.plots.inputs import read_inputs
from spikeloc.plots.render import render

with running(snakemake):
    inputs = read_inputs(dict(snakemake.input.items())) | json.loads(snakemake.params.settings)
    outputs = dict(snakemake.output.items())
    render(snakemake.params.module, inputs, outputs, snakemake.params.variants)

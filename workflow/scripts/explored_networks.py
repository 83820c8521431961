"""Take the networks that the interactive page holds out of their ensembles."""

from spikeloc.io.files import write_arrays
from spikeloc.io.job import running
from spikeloc.plots.explorer.contents import collect_networks

with running(snakemake):
    write_arrays(snakemake.output.networks, **collect_networks(snakemake.params.files))

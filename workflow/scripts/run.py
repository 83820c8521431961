"""Join the files of the blocks of seeds that a run is trained in."""

from spikeloc.io.job import running
from spikeloc.training.blocks import join_blocks

with running(snakemake):
    join_blocks(dict(snakemake.input.items()), dict(snakemake.output.items()))

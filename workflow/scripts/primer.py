"""Simulate the textbook neurons of the panel `primer`."""

from spikeloc.io.files import write_arrays
from spikeloc.io.job import running
from spikeloc.primer.arrays import primer_arrays

with running(snakemake):
    write_arrays(snakemake.output.arrays, **primer_arrays(snakemake.params.seed))

"""Simulate the textbook neurons that the primer's panel shows."""

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_arrays
from spikeloc.io.job import job_log
from spikeloc.primer.arrays import primer_arrays

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    write_arrays(snakemake.output.arrays, **primer_arrays(snakemake.params.seed))

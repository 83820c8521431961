"""Simulate the textbook neurons that the primer's panel shows."""

from spikeloc.files import write_arrays
from spikeloc.joblog import job_log
from spikeloc.primer_arrays import primer_arrays
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    write_arrays(snakemake.output.arrays, **primer_arrays(snakemake.params.seed))

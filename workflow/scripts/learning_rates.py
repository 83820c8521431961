"""Join the learning rates that were tried for every run that searched for one."""

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_table
from spikeloc.io.job import job_log
from spikeloc.statistics.tables import join, labelled

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    parts = map(labelled, snakemake.input.rates, snakemake.params.about)
    write_table(snakemake.output.learning_rates, join(parts))

"""Join the learning rates that were tried for every run that searched for one."""

from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.seals import sealed
from spikeloc.tables import join, labelled

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    parts = map(labelled, snakemake.input.rates, snakemake.params.about)
    write_table(snakemake.output.learning_rates, join(parts))

"""Join the learning rates that were tried for every run that searched for one."""

from spikeloc.io.files import write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, labelled

with running(snakemake):
    parts = map(labelled, snakemake.input.rates, snakemake.params.runs)
    write_table(snakemake.output.learning_rates, join(parts))

"""Join tables, for each of several kinds of tables."""

from spikeloc.io.files import write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import join, read_experiment_table

with running(snakemake):
    for name, parts in snakemake.input.items():
        write_table(snakemake.output[name], join(map(read_experiment_table, parts)))

"""Join tables, for each of several kinds of tables."""

from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_tables, write_table

with running(snakemake):
    for name, parts in snakemake.input.items():
        write_table(snakemake.output[name], read_tables(parts, table(name)), table(name))

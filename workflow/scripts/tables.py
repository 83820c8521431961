"""Join tables, for each of several kinds of tables."""

from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table
from spikeloc.statistics.tables import join

with running(snakemake):
    for name, parts in snakemake.input.items():
        joined = join(read_table(path, table(name)) for path in parts)
        write_table(snakemake.output[name], joined, table(name))

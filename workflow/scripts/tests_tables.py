"""Join the tests of the networks of all experiments, and summarise them over seeds."""

from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table
from spikeloc.statistics.summaries import tests_table
from spikeloc.statistics.tables import join

with running(snakemake):
    tests = join(read_table(path, table("tests")) for path in snakemake.input.tests)
    write_table(snakemake.output.tests, tests, table("tests"))
    write_table(snakemake.output.summary, tests_table(tests), table("tests_summary"))

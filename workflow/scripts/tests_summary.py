"""Summarise the tests of one experiment's networks over seeds."""

from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table
from spikeloc.statistics.summaries import tests_table

with running(snakemake):
    tests = read_table(snakemake.input.tests, table("tests"))
    write_table(snakemake.output.summary, tests_table(tests), table("tests_summary"))

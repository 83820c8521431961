"""Join the learning rates that were tried for every run that searched for one."""

from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_run_table, write_table
from spikeloc.statistics.tables import join

with running(snakemake):
    rates = table("learning_rates")
    runs = zip(snakemake.input.rates, snakemake.params.runs, strict=True)
    parts = [read_run_table(path, run_names, rates) for path, run_names in runs]
    write_table(snakemake.output.learning_rates, join(parts), rates)

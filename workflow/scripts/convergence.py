"""Compare the budgets of epochs of an experiment."""

from spikeloc.io.job import running
from spikeloc.statistics.convergence import convergence_table
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table

with running(snakemake):
    runs = read_table(snakemake.input.runs, table("runs"))
    made = convergence_table(runs, snakemake.params.budgets)
    write_table(snakemake.output.convergence, made, table("convergence"))

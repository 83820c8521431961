"""Compare printed values with our published runs, and count those in their intervals."""

from spikeloc.config.parameters import Nesting
from spikeloc.io.files import write_table
from spikeloc.io.job import running
from spikeloc.paper.reproduction import reproduction_summary, reproduction_table
from spikeloc.statistics.tables import join, read_experiment_table

with running(snakemake):
    table = reproduction_table(
        read_experiment_table(snakemake.input.printed),
        join(map(read_experiment_table, snakemake.input.runs)),
        join(map(read_experiment_table, snakemake.input.history)),
        {name: Nesting.model_validate(each) for name, each in snakemake.params.nesting.items()},
    )
    write_table(snakemake.output.reproduction, table)
    write_table(snakemake.output.summary, reproduction_summary(table))

"""Compare printed values with our runs of the same protocol, and count those in their intervals."""

from spikeloc.config.parameters import Nesting
from spikeloc.io.job import running
from spikeloc.paper.reproduction import reproduction_summary, reproduction_table
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table
from spikeloc.statistics.tables import join

with running(snakemake):
    reproduction = reproduction_table(
        read_table(snakemake.input.printed, table("printed")),
        join(read_table(path, table("runs")) for path in snakemake.input.runs),
        join(read_table(path, table("history")) for path in snakemake.input.history),
        {
            (name, variant): Nesting.model_validate(each)
            for name, variants in snakemake.params.nesting.items()
            for variant, each in variants.items()
        },
    )
    write_table(snakemake.output.reproduction, reproduction, table("reproduction"))
    summary = reproduction_summary(reproduction)
    write_table(snakemake.output.summary, summary, table("reproduction_summary"))

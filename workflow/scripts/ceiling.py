"""Compare each run of an experiment with the ideal observer of its stimulus."""

from spikeloc.decoders.efficiency import ceiling_table, efficiency_table
from spikeloc.io.job import running
from spikeloc.statistics.declared_tables import table
from spikeloc.statistics.schema import read_table, write_table

with running(snakemake):
    ceiling = ceiling_table(
        [read_table(path, table("ideal_observer")) for path in snakemake.input.observed],
        list(snakemake.params.runs),
        list(snakemake.params.phase_known),
    )
    runs = read_table(snakemake.input.runs, table("runs"))
    write_table(snakemake.output.ceiling, ceiling, table("ceiling"))
    efficiency = efficiency_table(runs, ceiling)
    write_table(snakemake.output.efficiency, efficiency, table("efficiency"))

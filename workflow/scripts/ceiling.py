"""Compare each run of an experiment with the ideal observer of its stimulus."""

from spikeloc.decoders.efficiency import ceiling_table, efficiency_table
from spikeloc.io.files import write_table
from spikeloc.io.job import running
from spikeloc.statistics.tables import read_experiment_table

with running(snakemake):
    ceiling = ceiling_table(
        list(snakemake.input.observed),
        list(snakemake.params.runs),
        list(snakemake.params.phase_known),
    )
    runs = read_experiment_table(snakemake.input.runs)
    write_table(snakemake.output.ceiling, ceiling)
    write_table(snakemake.output.efficiency, efficiency_table(runs, ceiling))

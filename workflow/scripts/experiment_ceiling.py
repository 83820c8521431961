"""Put the ideal observer beside each run of an experiment."""

from spikeloc.decoders.efficiency import ceiling_table, efficiency_table
from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_table
from spikeloc.io.job import job_log
from spikeloc.statistics.tables import read_experiment_table

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    ceiling = ceiling_table(
        list(snakemake.input.observed),
        list(snakemake.params.about),
        list(snakemake.params.phase_known),
    )
    runs = read_experiment_table(snakemake.input.runs)
    write_table(snakemake.output.ceiling, ceiling)
    write_table(snakemake.output.efficiency, efficiency_table(runs, ceiling))

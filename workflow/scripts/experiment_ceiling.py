"""Put the ideal observer beside each run of an experiment."""

from spikeloc.efficiency import ceiling_table, efficiency_table
from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.seals import sealed
from spikeloc.tables import read_experiment_table

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    ceiling = ceiling_table(
        list(snakemake.input.observed),
        list(snakemake.params.about),
        list(snakemake.params.phase_known),
    )
    runs = read_experiment_table(snakemake.input.runs)
    write_table(snakemake.output.ceiling, ceiling)
    write_table(snakemake.output.efficiency, efficiency_table(runs, ceiling))

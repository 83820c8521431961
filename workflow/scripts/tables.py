"""Put tables of one kind below each other, for several kinds."""

from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.seals import sealed
from spikeloc.tables import join, read_experiment_table

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    for name, parts in snakemake.input.items():
        write_table(snakemake.output[name], join(map(read_experiment_table, parts)))

"""Put tables of one kind below each other, for several kinds."""

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_table
from spikeloc.io.job import job_log
from spikeloc.statistics.tables import join, read_experiment_table

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    for name, parts in snakemake.input.items():
        write_table(snakemake.output[name], join(map(read_experiment_table, parts)))

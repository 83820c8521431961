"""Put the tables of all experiments below each other."""

from spikeloc.files import write_table
from spikeloc.joblog import job_log
from spikeloc.tables import join, read_experiment_table

with job_log(snakemake.log[0]):
    for name in ("runs", "summary", "comparisons"):
        write_table(snakemake.output[name], join(map(read_experiment_table, snakemake.input[name])))

"""Copy the files of an ensemble to the folder of a run that has come out like it."""

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import copy_file
from spikeloc.io.job import job_log

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    for name, source in snakemake.input.items():
        copy_file(source, snakemake.output[name])

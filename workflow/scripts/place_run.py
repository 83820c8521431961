"""Copy the files of a stack to the folder of a run that has come out like it."""

from spikeloc.files import copy_file
from spikeloc.joblog import job_log
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    for name, source in snakemake.input.items():
        copy_file(source, snakemake.output[name])

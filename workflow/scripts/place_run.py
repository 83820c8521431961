"""Copy the files of a stack to the folder of a run that has come out like it."""

from spikeloc.files import copy_file
from spikeloc.joblog import job_log
from spikeloc.weights import read_weights

with job_log(snakemake.log[0]):
    read_weights(snakemake.input.weights)  # a damaged file must not become a copy that looks new
    for name, source in snakemake.input.items():
        copy_file(source, snakemake.output[name])

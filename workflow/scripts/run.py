"""Copy the files of an ensemble to the folder of a run that has its networks."""

from spikeloc.io.files import copy_file
from spikeloc.io.job import running

with running(snakemake):
    for name, source in snakemake.input.items():
        copy_file(source, snakemake.output[name])

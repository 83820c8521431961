"""Copy the tables that are kept among the sources, after a check of their checksums."""

from spikeloc.config.precomputed import check_precomputed
from spikeloc.io.files import copy_file
from spikeloc.io.job import running

with running(snakemake, []):
    for folder in snakemake.params.folders:
        check_precomputed(folder)
    for kept, copy in zip(snakemake.input.tables, snakemake.output, strict=True):
        copy_file(kept, copy)

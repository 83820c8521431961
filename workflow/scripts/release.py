"""Pack what panels and paper are drawn from."""

from pathlib import Path

from spikeloc.joblog import job_log
from spikeloc.release import pack
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    pack(
        snakemake.output.archive,
        list(snakemake.input),
        Path.cwd(),
        snakemake.params.name,
        snakemake.params.config,
    )

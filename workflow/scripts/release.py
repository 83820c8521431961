"""Pack what panels and paper are drawn from."""

from pathlib import Path

from spikeloc.joblog import job_log
from spikeloc.release import pack

with job_log(snakemake.log[0]):
    pack(
        snakemake.output.archive,
        list(snakemake.input),
        Path.cwd(),
        snakemake.params.name,
        snakemake.params.config,
    )

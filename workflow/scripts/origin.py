"""Write what a run's results are a function of."""

import json

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_text
from spikeloc.io.job import job_log

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    write_text(snakemake.output.origin, json.dumps(snakemake.params.origin, indent=1) + "\n")

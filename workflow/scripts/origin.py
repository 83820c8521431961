"""Write what a run's results are a function of."""

import json

from spikeloc.files import write_text
from spikeloc.joblog import job_log
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    write_text(snakemake.output.origin, json.dumps(snakemake.params.origin, indent=1) + "\n")

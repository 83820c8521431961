"""Write what a run's results are a function of."""

import json

from spikeloc.files import write_text
from spikeloc.joblog import job_log

with job_log(snakemake.log[0]):
    write_text(snakemake.output.origin, json.dumps(snakemake.params.origin, indent=1) + "\n")

"""Write what determines the results: config, sources and versions."""

import json

from spikeloc.io.files import write_text
from spikeloc.io.job import running

with running(snakemake):
    write_text(snakemake.output.origin, json.dumps(snakemake.params.origin, indent=1) + "\n")

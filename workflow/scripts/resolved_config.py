"""Write the config with everything filled in."""

import yaml

from spikeloc.io.checksums import checked_files
from spikeloc.io.files import write_text
from spikeloc.io.job import job_log

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    content = {**snakemake.params.config, "runs": snakemake.params.runs}
    write_text(snakemake.output.config, yaml.safe_dump(content, sort_keys=False))

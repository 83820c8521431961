"""Write the config with everything filled in."""

import yaml

from spikeloc.files import write_text
from spikeloc.joblog import job_log
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    content = {**snakemake.params.config, "runs": snakemake.params.runs}
    write_text(snakemake.output.config, yaml.safe_dump(content, sort_keys=False))

"""Write the config with all defaults filled in, and the parameters of each run."""

import yaml

from spikeloc.io.files import write_text
from spikeloc.io.job import running

with running(snakemake):
    content = {**snakemake.params.config, "runs": snakemake.params.runs}
    write_text(snakemake.output.config, yaml.safe_dump(content, sort_keys=False))

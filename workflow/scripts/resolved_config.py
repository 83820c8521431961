"""Write the config with all defaults filled in, and the parameters of each run."""

from spikeloc.config.yaml_files import dump_yaml
from spikeloc.io.files import write_text
from spikeloc.io.job import running

with running(snakemake):
    content = {**snakemake.params.config, "runs": snakemake.params.runs}
    write_text(snakemake.output.config, dump_yaml(content))

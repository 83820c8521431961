"""Make the data sets of one stimulus and seed and write their manifest."""

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.job import running
from spikeloc.stimulus.manifests import write_manifest

with running(snakemake):
    write_manifest(
        snakemake.output.manifest,
        StimulusParameters.model_validate(snakemake.params.stimulus),
        int(snakemake.wildcards.seed),
        snakemake.params.sizes,
        snakemake.params.backend,
    )

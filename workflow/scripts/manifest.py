"""Make the data sets of one stimulus and block of seeds and write their manifest."""

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.job import running
from spikeloc.stimulus.manifests import write_manifest

with running(snakemake):
    write_manifest(
        snakemake.output.manifest,
        StimulusParameters.model_validate(snakemake.params.stimulus),
        list(snakemake.params.seeds),
        snakemake.params.sizes,
        snakemake.params.backend,
    )

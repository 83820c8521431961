"""Make the data sets of one stimulus and seed and write their manifest."""

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.checksums import checked_files
from spikeloc.io.job import job_log
from spikeloc.stimulus.manifests import write_manifest

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    write_manifest(
        snakemake.output.manifest,
        StimulusParameters.model_validate(snakemake.params.stimulus),
        int(snakemake.wildcards.seed),
        snakemake.params.sizes,
        snakemake.params.backend,
    )

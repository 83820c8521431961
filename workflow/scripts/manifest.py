"""Make the data sets of one stimulus and seed and write their manifest."""

from spikeloc.joblog import job_log
from spikeloc.manifests import write_manifest
from spikeloc.parameters import StimulusParameters
from spikeloc.seals import sealed

with job_log(snakemake.log[0]), sealed(snakemake.input, snakemake.output):
    write_manifest(
        snakemake.output.manifest,
        StimulusParameters.model_validate(snakemake.params.stimulus),
        int(snakemake.wildcards.seed),
        snakemake.params.sizes,
        snakemake.params.backend,
    )

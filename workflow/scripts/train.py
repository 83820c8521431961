"""Train an ensemble of networks, evaluate it, and write its files."""

from spikeloc.config.parameters import RunParameters
from spikeloc.io.checksums import checked_files
from spikeloc.io.job import job_log

with job_log(snakemake.log[0]), checked_files(snakemake.input, snakemake.output):
    from spikeloc.training.job import (
        train_and_evaluate,  # imports torch: what it warns of belongs into the log
    )

    train_and_evaluate(
        RunParameters.model_validate(snakemake.params.run),
        list(snakemake.params.seeds),
        list(snakemake.input.manifests),
        dict(snakemake.output.items()),
        snakemake.params.device,
        snakemake.params.backend,
        list(snakemake.input.searched),
    )

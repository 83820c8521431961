"""Train an ensemble of networks, evaluate it, and write its files."""

from spikeloc.config.parameters import RunParameters
from spikeloc.io.job import running

with running(snakemake):
    # imports torch, whose errors belong in the log
    from spikeloc.training.job import train_and_evaluate

    train_and_evaluate(
        RunParameters.model_validate(snakemake.params.run),
        list(snakemake.params.seeds),
        snakemake.input.manifest,
        dict(snakemake.output.items()),
        snakemake.params.device,
        snakemake.params.backend,
        *snakemake.input.rates,  # one file or none
    )

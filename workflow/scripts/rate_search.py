"""Choose the learning rate of a run on seeds that are used for nothing else."""

from spikeloc.config.parameters import RunParameters
from spikeloc.io.job import running

with running(snakemake):
    # imports torch, whose errors belong in the log
    from spikeloc.training.learning_rates import search_rate

    search_rate(
        RunParameters.model_validate(snakemake.params.run),
        snakemake.input.manifest,
        snakemake.output.rates,
        snakemake.params.device,
        snakemake.params.backend,
    )

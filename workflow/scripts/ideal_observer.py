"""Measure the ideal observer of one stimulus."""

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.files import write_table
from spikeloc.io.job import running

with running(snakemake):
    # imports torch, whose errors belong in the log
    from spikeloc.decoders.observer_scores import observer_table

    table = observer_table(
        StimulusParameters.model_validate(snakemake.params.observed["stimulus"]),
        snakemake.params.observed["classes"],
        **snakemake.params.settings,
        backend=snakemake.params.backend,
    )
    write_table(snakemake.output.observed, table)

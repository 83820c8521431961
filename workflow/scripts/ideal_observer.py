"""Measure the ideal observer of one stimulus."""

from spikeloc.config.parameters import StimulusParameters
from spikeloc.io.files import write_table
from spikeloc.io.job import running

with running(snakemake):
    from spikeloc.decoders.observer_scores import (
        observer_table,  # imports torch, whose warnings belong in the log
    )

    table = observer_table(
        StimulusParameters.model_validate(snakemake.params.observed["stimulus"]),
        snakemake.params.observed["classes"],
        **snakemake.params.settings,
        backend=snakemake.params.backend,
    )
    write_table(snakemake.output.observed, table)
